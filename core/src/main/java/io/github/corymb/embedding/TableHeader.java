package io.github.corymb.embedding;

import io.github.corymb.feature.InputException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// The head of a table's file, which says all that is needed to know where everything is.
///
///     bytes   0 …   7   CORYMBTB
///             8 …  11   format version
///            12 …  15   0x01020304, in the byte order of the machine that wrote, as is everything else
///            16 …  19   size of the head, a multiple of 64
///            20 … 147   the numbers below in their order, flags as 1 or 0
///           148 … 155   length of the optimizer's and the table's name in UTF-8, which follow
///           last 4      CRC-32C of the head before
///
/// Blocks follow, wherever their [BlockDirectory], which ends the file, says they are.
///
/// @param layout of a row, as three numbers: dimension, code of the storage, floats of the optimizer
/// @param hashing as two numbers: code of the kind, rows
/// @param rowCount rows the table numbers, the default row among them, and those that evicted keys left
/// @param listedRowCount rows that the file holds: all, or in an increment those that changed
/// @param keyCount keys with a row
/// @param pageCount pages of the index; 0 in an increment
/// @param isIncrement whether it holds only what changed since an earlier file
/// @param withState whether to go on learning from it
/// @param withCounts whether rows carry counts of updates
/// @param sketchSegmentCount of the admission's counts; 0 without
/// @param sketchNewest segment
/// @param sketchSightings in the newest segment
/// @param seed of the table's initial weights
/// @param step of the last update
/// @param since the step of the file that an increment goes on from
record TableHeader(
        String table,
        String optimizer,
        RowLayout layout,
        Hashing hashing,
        int rowCount,
        int listedRowCount,
        int keyCount,
        int pageCount,
        boolean isIncrement,
        boolean withState,
        boolean withCounts,
        int sketchSegmentCount,
        int sketchNewest,
        int sketchSightings,
        long seed,
        long step,
        long since,
        TableTally tally,
        long directoryAt,
        int directoryChecksum) {

    static final int VERSION = 3;
    static final int DIMENSION_LIMIT = 1 << 16;
    static final int SIZE_LIMIT = 1 << 16; // bytes of the head
    static final int FIXED_SIZE = 156;

    private static final byte[] MAGIC = "CORYMBTB".getBytes(StandardCharsets.US_ASCII);
    static final long BUFFER_LIMIT = 1 << 30; // a buffer holds less than 2 GiB
    private static final int ORDER_MARK = 0x01020304;

    /// The head of a table's full file, without its directory.
    static TableHeader of(EmbeddingTable table, RowCopy rows, long step, boolean withState) {
        int rowCount = table.content().index().lastRow() + 1;
        return of(
                table, rows, step, withState, rowCount, table.content().index().pageCount(), false, 0);
    }

    /// The head of an increment that lists so many rows, without its directory.
    static TableHeader ofIncrement(EmbeddingTable table, RowCopy rows, long step, long since, int listed) {
        return of(table, rows, step, true, listed, 0, true, since);
    }

    private static TableHeader of(
            EmbeddingTable table,
            RowCopy rows,
            long step,
            boolean withState,
            int listed,
            int pageCount,
            boolean isIncrement,
            long since) {
        KeyIndex index = table.content().index();
        CountingSketch sketch = withState ? table.admission().sketch() : null;
        return new TableHeader(
                table.name(),
                table.spec().optimizerName(),
                rows.rowLayout(),
                table.content().hashing(),
                index.lastRow() + 1,
                listed,
                index.keyCount(),
                pageCount,
                isIncrement,
                withState,
                rows.withCounts(),
                sketch == null ? 0 : sketch.segmentCount(),
                sketch == null ? 0 : sketch.newest(),
                sketch == null ? 0 : sketch.sightings(),
                table.seed(),
                step,
                since,
                table.tally(),
                0,
                0);
    }

    /// Bytes of the head.
    int headSize() {
        return (int) RowBlock.padded(FIXED_SIZE + utf8(optimizer).length + utf8(table).length + Integer.BYTES);
    }

    /// How many blocks of rows there are.
    int rowBlockCount() {
        return Math.ceilDiv(listedRowCount, Slabs.SLAB_ROWS);
    }

    RowBlock rowBlock(int block) {
        int before = block * Slabs.SLAB_ROWS;
        return new RowBlock(
                Math.min(Slabs.SLAB_ROWS, listedRowCount - before), layout.rowSize(), withState, withCounts);
    }

    /// How a block of [Slabs#SLAB_ROWS] rows lies.
    RowBlock fullBlock() {
        return new RowBlock(Slabs.SLAB_ROWS, layout.rowSize(), withState, withCounts);
    }

    /// How many blocks there are: of rows, pages, and one each of [BlockDirectory.Last].
    int blockCount() {
        return rowBlockCount() + pageCount + BlockDirectory.Last.values().length;
    }

    /// Bytes of the whole file.
    long fileSize() {
        return directoryAt + (long) blockCount() * BlockDirectory.ENTRY_SIZE;
    }

    /// The head of a file with the same rows for looking up alone, in a storage of its own, without its directory.
    TableHeader toServe(Storage storage) {
        RowLayout served = new RowLayout(layout.dimension(), storage, 0);
        return new TableHeader(
                table, optimizer, served, hashing, rowCount, rowCount, keyCount, pageCount, false, false, false, 0, 0,
                0, seed, step, 0, tally, 0, 0);
    }

    TableHeader withDirectory(long at, int checksum) {
        return new TableHeader(
                table,
                optimizer,
                layout,
                hashing,
                rowCount,
                listedRowCount,
                keyCount,
                pageCount,
                isIncrement,
                withState,
                withCounts,
                sketchSegmentCount,
                sketchNewest,
                sketchSightings,
                seed,
                step,
                since,
                tally,
                at,
                checksum);
    }

    ByteBuffer toBytes() {
        byte[] optimizerName = utf8(optimizer);
        byte[] tableName = utf8(table);
        ByteBuffer bytes = ByteBuffer.allocate(headSize()).order(ByteOrder.nativeOrder());
        bytes.put(MAGIC).putInt(VERSION).putInt(ORDER_MARK).putInt(headSize());
        bytes.putInt(layout.dimension()).putInt(layout.storage().code()).putInt(layout.stateWidth());
        bytes.putInt(hashing.kind().code()).putInt(hashing.rows());
        bytes.putInt(rowCount).putInt(listedRowCount);
        bytes.putInt(keyCount).putInt(pageCount);
        bytes.putInt(isIncrement ? 1 : 0).putInt(withState ? 1 : 0).putInt(withCounts ? 1 : 0);
        bytes.putInt(sketchSegmentCount).putInt(sketchNewest).putInt(sketchSightings);
        bytes.putLong(seed).putLong(step).putLong(since);
        bytes.putLong(tally.lookupCount()).putLong(tally.refusedCount());
        bytes.putLong(tally.expiredCount()).putLong(tally.trimmedCount());
        bytes.putLong(directoryAt).putInt(directoryChecksum);
        bytes.putInt(148, optimizerName.length).putInt(152, tableName.length);
        bytes.put(FIXED_SIZE, optimizerName).put(FIXED_SIZE + optimizerName.length, tableName);
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
        int optimizerLength = bytes.getInt(148);
        int tableLength = bytes.getInt(152);
        if (optimizerLength < 0 || tableLength < 0 || optimizerLength > end - FIXED_SIZE - tableLength) {
            throw damaged(file, "its head holds impossible numbers");
        }
        byte[] optimizer = new byte[optimizerLength];
        byte[] table = new byte[tableLength];
        bytes.get(FIXED_SIZE, optimizer).get(FIXED_SIZE + optimizerLength, table);
        bytes.position(20);
        RowLayout layout = new RowLayout(bytes.getInt(), storage(file, bytes.getInt()), bytes.getInt());
        Hashing hashing = new Hashing(kind(file, bytes.getInt()), bytes.getInt());
        TableHeader header = new TableHeader(
                new String(table, StandardCharsets.UTF_8),
                new String(optimizer, StandardCharsets.UTF_8),
                layout,
                hashing,
                bytes.getInt(),
                bytes.getInt(),
                bytes.getInt(),
                bytes.getInt(),
                bytes.getInt() == 1,
                bytes.getInt() == 1,
                bytes.getInt() == 1,
                bytes.getInt(),
                bytes.getInt(),
                bytes.getInt(),
                bytes.getLong(),
                bytes.getLong(),
                bytes.getLong(),
                new TableTally(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong()),
                bytes.getLong(),
                bytes.getInt());
        if (!header.isPossible()) {
            throw damaged(file, "its head holds impossible numbers");
        }
        return header;
    }

    int dimension() {
        return layout.dimension();
    }

    private static Storage storage(Path file, int code) {
        Storage storage = Storage.of(code);
        if (storage == null) {
            throw damaged(file, "its head names an unknown storage, " + code);
        }
        return storage;
    }

    private static Hashing.Kind kind(Path file, int code) {
        Hashing.Kind kind = Hashing.Kind.of(code);
        if (kind == null) {
            throw damaged(file, "its head names an unknown hashing, " + code);
        }
        return kind;
    }

    static InputException damaged(Path file, String what) {
        return new InputException(file + ": expected the table as it was written, found that " + what);
    }

    static int checksum(MemorySegment bytes) {
        CRC32C checksum = new CRC32C();
        for (long at = 0; at < bytes.byteSize(); at += BUFFER_LIMIT) {
            checksum.update(bytes.asSlice(at, Math.min(BUFFER_LIMIT, bytes.byteSize() - at))
                    .asByteBuffer());
        }
        return (int) checksum.getValue();
    }

    static int checksum(ByteBuffer bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return (int) checksum.getValue();
    }

    private boolean isPossible() {
        return layout.dimension() >= 1
                && layout.dimension() <= DIMENSION_LIMIT
                && layout.stateWidth() >= 0
                && hashing.rows() >= hashing.width() - (hashing.kind() == Hashing.Kind.NONE ? 1 : 0)
                && layout.stateWidth() <= 3 * layout.dimension()
                && rowCount >= 1
                && keyCount >= 0
                && keyCount < rowCount
                && listedRowCount >= 0
                && listedRowCount <= rowCount
                && (isIncrement ? pageCount == 0 : pageCount >= 1 && listedRowCount == rowCount)
                && pageCount <= 1 << KeyIndex.DEPTH_LIMIT
                && directoryAt >= headSize();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
