package io.github.corymb.embedding;

import io.github.corymb.feature.InputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.zip.CRC32C;

/// The head of a table's file, which says all that is needed to know where everything is.
///
///     bytes  0 …  7   CORYMBTB
///            8 … 11   format version
///           12 … 15   0x01020304, in the byte order of the machine that wrote, as is everything else
///           16 … 19   size of the head, a multiple of 64
///           20 … 55   dimension, stride, key count, page count, 1 if with optimizer state or 0, seed, step
///           56 … 75   CRC-32C of each section with its padding
///           76 … 83   length of the optimizer's and the table's name in UTF-8, which follow
///           last 4    CRC-32C of the head before
///
/// The sections follow in the order of [Section], each padded with zeros to a multiple of 64 bytes.
///
/// @param stride floats a row
/// @param keyCount n; keys, touched steps and rows have n + 1 elements, the default row first
/// @param seed of the table's initial weights
/// @param step of the last update
/// @param checksums one a section
record TableHeader(
        String table,
        String optimizer,
        int dimension,
        int stride,
        int keyCount,
        int pageCount,
        boolean withState,
        long seed,
        long step,
        Map<Section, Integer> checksums) {

    /// The parts of the file, in order.
    enum Section {
        /// [pages] byte, the depth of each page
        DEPTHS,
        /// [pages, 4096] long, the slots of the index
        PAGES,
        /// [n + 1] long
        KEYS,
        /// [n + 1] int, the step at which each row was last updated; empty without optimizer state
        TOUCHED,
        /// [n + 1, stride] float
        ROWS
    }

    static final int VERSION = 1;
    static final int DIMENSION_LIMIT = 1 << 16;
    static final int SIZE_LIMIT = 1 << 16; // bytes of the head
    static final int FIXED_SIZE = 84;

    private static final byte[] MAGIC = "CORYMBTB".getBytes(StandardCharsets.US_ASCII);
    private static final int ORDER_MARK = 0x01020304;
    private static final int CHECKSUMS_AT = 56;

    /// Bytes of the head.
    int headSize() {
        return (int) padded(FIXED_SIZE + utf8(optimizer).length + utf8(table).length + Integer.BYTES);
    }

    /// Bytes of a section without its padding.
    long size(Section section) {
        long rowCount = keyCount + 1L;
        return switch (section) {
            case DEPTHS -> pageCount;
            case PAGES -> pageCount * KeyIndex.PAGE_SIZE;
            case KEYS -> rowCount * Long.BYTES;
            case TOUCHED -> withState ? rowCount * Integer.BYTES : 0;
            case ROWS -> rowCount * stride * Float.BYTES;
        };
    }

    long offset(Section section) {
        long offset = headSize();
        for (Section before : Section.values()) {
            if (before == section) {
                break;
            }
            offset += padded(size(before));
        }
        return offset;
    }

    /// Bytes of the whole file.
    long fileSize() {
        return offset(Section.ROWS) + padded(size(Section.ROWS));
    }

    static long padded(long size) {
        return Math.ceilDiv(size, Slabs.ALIGNMENT) * Slabs.ALIGNMENT;
    }

    TableHeader withChecksums(Map<Section, Integer> sums) {
        return new TableHeader(
                table, optimizer, dimension, stride, keyCount, pageCount, withState, seed, step, Map.copyOf(sums));
    }

    ByteBuffer toBytes() {
        byte[] optimizerName = utf8(optimizer);
        byte[] tableName = utf8(table);
        ByteBuffer bytes = ByteBuffer.allocate(headSize()).order(ByteOrder.nativeOrder());
        bytes.put(MAGIC).putInt(VERSION).putInt(ORDER_MARK).putInt(headSize());
        bytes.putInt(dimension).putInt(stride).putInt(keyCount).putInt(pageCount).putInt(withState ? 1 : 0);
        bytes.putLong(seed).putLong(step);
        for (Section section : Section.values()) {
            bytes.putInt(checksums.get(section));
        }
        bytes.putInt(optimizerName.length).putInt(tableName.length).put(optimizerName).put(tableName);
        int end = headSize() - Integer.BYTES;
        bytes.putInt(end, checksum(bytes.slice(0, end)));
        return bytes.clear();
    }

    /// Size of the head that begins with these [#FIXED_SIZE] bytes.
    static int headSize(Path file, ByteBuffer fixed) {
        fixed.order(ByteOrder.nativeOrder());
        byte[] magic = new byte[MAGIC.length];
        fixed.get(0, magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw new InputException(file + ": expected an embedding table of Corymb, found another kind of file");
        }
        if (fixed.getInt(12) != ORDER_MARK) {
            throw new InputException(file + ": expected the byte order of this machine, found another");
        }
        if (fixed.getInt(8) != VERSION) {
            throw new InputException(
                    "%s: expected format version %d, found %d".formatted(file, VERSION, fixed.getInt(8)));
        }
        int size = fixed.getInt(16);
        if (size < FIXED_SIZE + Integer.BYTES || size > SIZE_LIMIT || size % Slabs.ALIGNMENT != 0) {
            throw damaged(file, "its head has an impossible size of " + size + " bytes");
        }
        return size;
    }

    /// Reads a whole head.
    static TableHeader of(Path file, ByteBuffer bytes) {
        bytes.order(ByteOrder.nativeOrder());
        int end = bytes.capacity() - Integer.BYTES;
        if (bytes.getInt(end) != checksum(bytes.slice(0, end))) {
            throw damaged(file, "the checksum of its head is wrong");
        }
        int optimizerLength = bytes.getInt(FIXED_SIZE - 8);
        int tableLength = bytes.getInt(FIXED_SIZE - 4);
        boolean holds = optimizerLength >= 0 && tableLength >= 0 && optimizerLength <= end - FIXED_SIZE - tableLength;
        int dimension = bytes.getInt(20);
        int stride = bytes.getInt(24);
        int keyCount = bytes.getInt(28);
        int pageCount = bytes.getInt(32);
        int state = bytes.getInt(36);
        holds &= dimension >= 1 && dimension <= DIMENSION_LIMIT && stride >= dimension && stride <= 3 * dimension;
        holds &= keyCount >= 0 && keyCount < Integer.MAX_VALUE;
        holds &= pageCount >= 1 && pageCount <= 1 << KeyIndex.DEPTH_LIMIT && (state == 0 || state == 1);
        if (!holds) {
            throw damaged(file, "its head holds impossible numbers");
        }
        Map<Section, Integer> checksums = new EnumMap<>(Section.class);
        for (Section section : Section.values()) {
            checksums.put(section, bytes.getInt(CHECKSUMS_AT + 4 * checksums.size()));
        }
        byte[] optimizer = new byte[optimizerLength];
        byte[] table = new byte[tableLength];
        bytes.get(FIXED_SIZE, optimizer).get(FIXED_SIZE + optimizerLength, table);
        return new TableHeader(
                new String(table, StandardCharsets.UTF_8),
                new String(optimizer, StandardCharsets.UTF_8),
                dimension,
                stride,
                keyCount,
                pageCount,
                state == 1,
                bytes.getLong(40),
                bytes.getLong(48),
                checksums);
    }

    static InputException damaged(Path file, String what) {
        return new InputException(file + ": expected the table as it was written, found that " + what);
    }

    private static int checksum(ByteBuffer bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return (int) checksum.getValue();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
