package io.github.corymb.embedding;

import io.github.corymb.embedding.TableHeader.Section;
import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.zip.CRC32C;

/// The file of a table, mapped into memory for reading.
///
/// @param all of the file
record TableFile(Path path, TableHeader header, MemorySegment all) {

    private static final long CHECK_SIZE = 1 << 30; // a buffer holds less than 2 GiB

    /// Where a table's file is: its name, with what a file system may not like written as %XX.
    static Path path(Path folder, String table) {
        return folder.resolve(URLEncoder.encode(table, StandardCharsets.UTF_8).replace("*", "%2A") + ".rows");
    }

    /// Maps the file of `shape` for as long as `arena` lives, after the checks that cost the same for any size: head,
    /// file size, depths of the index, name and dimension.
    static TableFile map(Path folder, FieldLayout.TableShape shape, Arena arena) throws IOException {
        Path path = path(folder, shape.name());
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            TableHeader header = header(path, channel);
            if (!header.table().equals(shape.name())) {
                throw new InputException(
                        "%s: expected table '%s', found '%s'".formatted(path, shape.name(), header.table()));
            }
            if (header.dimension() != shape.dimension()) {
                throw new InputException(
                        "%s: expected dimension %d, found %d".formatted(path, shape.dimension(), header.dimension()));
            }
            MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, header.fileSize(), arena);
            TableFile file = new TableFile(path, header, all);
            file.verify(Section.DEPTHS);
            file.checkDepths();
            return file;
        } catch (NoSuchFileException missing) {
            throw new InputException(path + ": expected an embedding table, found no file", missing);
        }
    }

    /// Compares every section with its checksum.
    void verify() {
        for (Section section : Section.values()) {
            verify(section);
        }
    }

    MemorySegment section(Section section) {
        return all.asSlice(header.offset(section), header.size(section));
    }

    byte[] depths() {
        return section(Section.DEPTHS).toArray(ValueLayout.JAVA_BYTE);
    }

    MemorySegment page(int page) {
        return section(Section.PAGES).asSlice(page * KeyIndex.PAGE_SIZE, KeyIndex.PAGE_SIZE);
    }

    /// How many keys each page holds.
    int[] pageKeyCounts() {
        int[] counts = new int[header.pageCount()];
        long keyCount = 0;
        for (int page = 0; page < counts.length; page++) {
            MemorySegment slots = page(page);
            for (int slot = 0; slot < KeyIndex.PAGE_SLOTS; slot++) {
                long entry = slots.get(ValueLayout.JAVA_LONG, 8L * slot);
                int row = (int) entry;
                if (entry != 0 && (row < 1 || row > header.keyCount())) {
                    throw TableHeader.damaged(path, "its index names row " + row + " of " + header.keyCount());
                }
                counts[page] += entry == 0 ? 0 : 1;
            }
            keyCount += counts[page];
        }
        if (keyCount != header.keyCount()) {
            throw TableHeader.damaged(
                    path, "its index holds %,d of %,d keys".formatted(keyCount, header.keyCount()));
        }
        return counts;
    }

    private static TableHeader header(Path path, FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < TableHeader.FIXED_SIZE) {
            throw new InputException("%s: expected at least %,d bytes, found %,d"
                    .formatted(path, TableHeader.FIXED_SIZE, size));
        }
        int headSize = TableHeader.headSize(path, read(channel, TableHeader.FIXED_SIZE));
        if (size < headSize) {
            throw new InputException("%s: expected at least %,d bytes, found %,d".formatted(path, headSize, size));
        }
        TableHeader header = TableHeader.of(path, read(channel, headSize));
        if (header.headSize() != headSize) {
            throw TableHeader.damaged(path, "its head has an impossible size of " + headSize + " bytes");
        }
        if (header.fileSize() != size) {
            throw new InputException(
                    "%s: expected %,d bytes, found %,d".formatted(path, header.fileSize(), size));
        }
        return header;
    }

    private static ByteBuffer read(FileChannel channel, int size) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(size);
        while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
            // until it is full or the file ends
        }
        return bytes.clear();
    }

    private void verify(Section section) {
        long offset = header.offset(section);
        long size = TableHeader.padded(header.size(section));
        CRC32C checksum = new CRC32C();
        for (long at = 0; at < size; at += CHECK_SIZE) {
            checksum.update(all.asSlice(offset + at, Math.min(CHECK_SIZE, size - at)).asByteBuffer());
        }
        if ((int) checksum.getValue() != header.checksums().get(section)) {
            throw TableHeader.damaged(path, "the checksum of its %s is wrong"
                    .formatted(section.name().toLowerCase(Locale.ROOT)));
        }
    }

    /// The pages must fill the directory exactly.
    private void checkDepths() {
        long filled = 0;
        for (byte depth : depths()) {
            if (depth < 0 || depth > KeyIndex.DEPTH_LIMIT) {
                throw TableHeader.damaged(path, "its index has an impossible depth of " + depth);
            }
            filled += 1L << (KeyIndex.DEPTH_LIMIT - depth);
        }
        if (filled != 1L << KeyIndex.DEPTH_LIMIT) {
            throw TableHeader.damaged(path, "the pages of its index do not fit together");
        }
    }
}
