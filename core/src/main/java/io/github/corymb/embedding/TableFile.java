package io.github.corymb.embedding;

import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The file of a table in memory for reading: mapped, or a copy of it where it is small.
///
/// @param all of the file
record TableFile(Path path, TableHeader header, BlockDirectory directory, MemorySegment all) {

    /// Where a table's file is: its name, with what a file system may not like written as %XX.
    static Path path(Path folder, String table) {
        return folder.resolve(URLEncoder.encode(table, StandardCharsets.UTF_8).replace("*", "%2A") + ".rows");
    }

    /// Opens the file of `shape` for as long as `arena` lives, after the checks that read no row and no page: head,
    /// file size, directories, name and dimension.
    static TableFile open(Path folder, FieldLayout.TableShape shape, Arena arena) throws IOException {
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
            MemorySegment all = header.fileSize() > FrozenTables.COPIED_SIZE_LIMIT
                    ? channel.map(FileChannel.MapMode.READ_ONLY, 0, header.fileSize(), arena)
                    : copy(read(path, channel, (int) header.fileSize()), arena);
            TableFile file = new TableFile(path, header, directory(path, header, all), all);
            file.checkBlocks();
            return file;
        } catch (NoSuchFileException missing) {
            throw new InputException(path + ": expected an embedding table, found no file", missing);
        }
    }

    /// How many columns a table's file has; 0 where there is none.
    static int dimension(Path folder, String table) throws IOException {
        Path path = path(folder, table);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return header(path, channel).dimension();
        } catch (NoSuchFileException _) {
            return 0;
        }
    }

    /// @throws InputException if it holds only what changed since another
    void requireFull() {
        if (header.isIncrement()) {
            throw new InputException(path + ": expected a full table, found an increment");
        }
    }

    /// Compares every block with its checksum.
    void verify() {
        for (int block = 0; block < directory.count(); block++) {
            verify(block);
        }
    }

    MemorySegment block(int block) {
        return all.asSlice(directory.offset(block), directory.size(block));
    }

    MemorySegment page(int page) {
        return block(directory.page(page));
    }

    MemorySegment last(BlockDirectory.Last last) {
        return block(directory.last(last));
    }

    /// What is known of each page.
    KeyIndex.PageInfo[] pageInfos() {
        int[] numbers = last(BlockDirectory.Last.PAGES).toArray(ValueLayout.JAVA_INT); // [pages, 3]
        KeyIndex.PageInfo[] infos = new KeyIndex.PageInfo[header.pageCount()];
        long keyCount = 0;
        long filled = 0;
        for (int page = 0; page < infos.length; page++) {
            infos[page] = new KeyIndex.PageInfo(numbers[3 * page], numbers[3 * page + 1], numbers[3 * page + 2], 0);
            keyCount += infos[page].keyCount();
            filled += infos[page].span();
        }
        if (keyCount != header.keyCount()) {
            throw TableHeader.damaged(path, "its index holds %,d of %,d keys".formatted(keyCount, header.keyCount()));
        }
        if (filled != 1L << KeyIndex.DEPTH_LIMIT) {
            throw TableHeader.damaged(path, "the pages of its index do not fit together");
        }
        return infos;
    }

    private static TableHeader header(Path path, FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < TableHeader.FIXED_SIZE) {
            throw new InputException(
                    "%s: expected at least %,d bytes, found %,d".formatted(path, TableHeader.FIXED_SIZE, size));
        }
        int headSize = TableHeader.headSize(path, read(path, channel, TableHeader.FIXED_SIZE));
        if (size < headSize) {
            throw new InputException("%s: expected at least %,d bytes, found %,d".formatted(path, headSize, size));
        }
        TableHeader header = TableHeader.of(path, read(path, channel, headSize));
        if (header.headSize() != headSize) {
            throw TableHeader.damaged(path, "its head has an impossible size of " + headSize + " bytes");
        }
        if (header.fileSize() != size) {
            throw new InputException("%s: expected %,d bytes, found %,d".formatted(path, header.fileSize(), size));
        }
        return header;
    }

    private static BlockDirectory directory(Path path, TableHeader header, MemorySegment all) {
        ByteBuffer bytes = all.asSlice(header.directoryAt(), header.fileSize() - header.directoryAt())
                .asByteBuffer()
                .order(ByteOrder.nativeOrder());
        if (TableHeader.checksum(bytes.duplicate()) != header.directoryChecksum()) {
            throw TableHeader.damaged(path, "the checksum of its directory of blocks is wrong");
        }
        return BlockDirectory.of(header, bytes);
    }

    /// Every block lies in the file and is as long as its kind.
    private void checkBlocks() {
        for (int block = 0; block < directory.count(); block++) {
            long size = directory.size(block);
            long offset = directory.offset(block);
            boolean fits = size >= 0 && offset >= header.headSize() && offset + size <= header.directoryAt();
            if (block < header.rowBlockCount()) {
                fits &= size == header.rowBlock(block).size();
            } else if (block < header.rowBlockCount() + header.pageCount()) {
                fits &= size == KeyPage.SIZE;
            }
            if (!fits) {
                throw TableHeader.damaged(path, directory.words(block) + " is not where it can be");
            }
        }
        verify(directory.last(BlockDirectory.Last.PAGES));
        if (last(BlockDirectory.Last.PAGES).byteSize() != 3L * Integer.BYTES * header.pageCount()) {
            throw TableHeader.damaged(path, "the pages of its index do not fit together");
        }
    }

    private void verify(int block) {
        if (TableHeader.checksum(block(block)) != directory.checksum(block)) {
            throw TableHeader.damaged(path, "the checksum of " + directory.words(block) + " is wrong");
        }
    }

    private static MemorySegment copy(ByteBuffer bytes, Arena arena) {
        return arena.allocate(bytes.remaining(), Slabs.ALIGNMENT).copyFrom(MemorySegment.ofBuffer(bytes));
    }

    private static ByteBuffer read(Path path, FileChannel channel, int size) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(size);
        while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
            // until it is full or the file ends
        }
        if (bytes.hasRemaining()) {
            throw new InputException("%s: expected %,d bytes, found %,d".formatted(path, size, bytes.position()));
        }
        return bytes.flip();
    }
}
