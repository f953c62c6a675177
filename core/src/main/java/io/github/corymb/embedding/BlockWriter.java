package io.github.corymb.embedding;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/// Writes the blocks of a table's file, in any order and some of them twice, beside it. [#publish] ends the file with
/// its directory, forces it to the disk and gives it its name, so that a file that has the name is whole. Closed
/// before that, it leaves nothing.
final class BlockWriter implements AutoCloseable {

    private final Path file;
    private final Path part;
    private final FileChannel channel;
    private long end; // where the next block goes
    private boolean isPublished;

    /// What was written of one kind of block.
    static final class Written {
        private long[] offsets = new long[16];
        private long[] sizes = new long[16];
        private int[] checksums = new int[16];
        private int count;

        private void set(int block, long offset, long size, int checksum) {
            if (block >= offsets.length) {
                int length = Math.max(block + 1, offsets.length * 2);
                offsets = Arrays.copyOf(offsets, length);
                sizes = Arrays.copyOf(sizes, length);
                checksums = Arrays.copyOf(checksums, length);
            }
            offsets[block] = offset;
            sizes[block] = size;
            checksums[block] = checksum;
            count = Math.max(count, block + 1);
        }

        int count() {
            return count;
        }

        void list(BlockDirectory directory, int first) {
            for (int block = 0; block < count; block++) {
                directory.set(first + block, offsets[block], sizes[block], checksums[block]);
            }
        }
    }

    /// @param headSize room for the head
    BlockWriter(Path file, int headSize) throws IOException {
        this.file = file;
        this.part = file.resolveSibling(file.getFileName() + ".part");
        this.end = headSize;
        channel = FileChannel.open(
                part,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    /// Writes a block that its kind has not, at the end, or again where it was, with equally many bytes.
    void put(Written kind, int block, MemorySegment bytes) throws IOException {
        boolean isNew = block >= kind.count;
        long offset = isNew ? end : kind.offsets[block];
        write(bytes, offset);
        kind.set(block, offset, bytes.byteSize(), TableHeader.checksum(bytes));
        if (isNew) {
            end = offset + RowBlock.padded(bytes.byteSize());
        }
    }

    /// Reads a block back.
    void get(Written kind, int block, MemorySegment target) throws IOException {
        ByteBuffer bytes = target.asSlice(0, kind.sizes[block]).asByteBuffer();
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, kind.offsets[block] + bytes.position()) < 0) {
                throw new IOException(part + ": was cut short while it was written");
            }
        }
    }

    void publish(TableHeader header, BlockDirectory directory) throws IOException {
        ByteBuffer entries = directory.toBytes();
        TableHeader whole = header.withDirectory(end, TableHeader.checksum(entries.duplicate()));
        write(MemorySegment.ofBuffer(entries), end);
        write(MemorySegment.ofBuffer(whole.toBytes()), 0);
        channel.force(true);
        channel.close();
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        isPublished = true;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (!isPublished) {
            Files.deleteIfExists(part);
        }
    }

    private void write(MemorySegment bytes, long offset) throws IOException {
        for (long at = 0; at < bytes.byteSize(); at += TableHeader.BUFFER_LIMIT) {
            ByteBuffer piece = bytes.asSlice(at, Math.min(TableHeader.BUFFER_LIMIT, bytes.byteSize() - at))
                    .asByteBuffer();
            while (piece.hasRemaining()) {
                channel.write(piece, offset + at + piece.position());
            }
        }
    }
}
