package io.github.corymb.embedding;

import io.github.corymb.embedding.TableHeader.Section;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.Map;
import java.util.zip.CRC32C;

/// Writes a table to its file: beside it first, forced to the disk, then renamed, so that a file that has the name is
/// whole.
final class TableWriter implements AutoCloseable {

    private final FileChannel channel;
    private final CRC32C checksum = new CRC32C(); // of the section so far
    private final Map<Section, Integer> checksums = new EnumMap<>(Section.class);

    private TableWriter(FileChannel channel) {
        this.channel = channel;
    }

    static void write(Path file, EmbeddingTable table, long step, boolean withState) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (TableWriter writer = new TableWriter(FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE))) {
            writer.write(table, step, withState);
        } catch (IOException | RuntimeException fault) {
            Files.deleteIfExists(part);
            throw fault;
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void write(EmbeddingTable table, long step, boolean withState) throws IOException {
        KeyIndex index = table.content().index();
        Slabs rows = table.content().rows();
        int dimension = table.dimension();
        TableHeader header = new TableHeader(
                table.name(),
                table.spec().optimizerName(),
                dimension,
                withState ? EmbeddingTable.stride(dimension, table.spec()) : dimension,
                index.keyCount(),
                index.pageCount(),
                withState,
                table.seed(),
                step,
                Map.of());
        channel.position(header.headSize());
        int rowCount = index.keyCount() + 1;
        int[] pages = index.pagesInOrder();
        byte[] depths = new byte[pages.length];
        for (int page = 0; page < pages.length; page++) {
            depths[page] = index.pageDepth(pages[page]);
        }
        put(ByteBuffer.wrap(depths));
        endSection(header, Section.DEPTHS);
        for (int page : pages) {
            put(index.page(page).asByteBuffer());
        }
        endSection(header, Section.PAGES);
        put(index.keys(), rowCount);
        endSection(header, Section.KEYS);
        if (withState) {
            put(table.touched(), rowCount);
        }
        endSection(header, Section.TOUCHED);
        if (header.stride() * 4L == rows.elementSize()) {
            put(rows, rowCount);
        } else {
            putWeights(rows, rowCount, dimension);
        }
        endSection(header, Section.ROWS);
        writeAll(header.withChecksums(checksums).toBytes(), 0);
        channel.force(true);
    }

    private void put(Slabs slabs, int rowCount) throws IOException {
        for (int row = 0; row >= 0 && row < rowCount; row += Slabs.SLAB_ROWS) {
            long size = Math.min(Slabs.SLAB_ROWS, rowCount - row) * slabs.elementSize();
            put(slabs.of(row).asSlice(0, size).asByteBuffer());
        }
    }

    /// The weights without the optimizer's state.
    private void putWeights(Slabs rows, int rowCount, int dimension) throws IOException {
        long weightSize = 4L * dimension;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment weights = arena.allocate(Slabs.SLAB_ROWS * weightSize, Slabs.ALIGNMENT);
            for (int first = 0; first >= 0 && first < rowCount; first += Slabs.SLAB_ROWS) {
                int count = Math.min(Slabs.SLAB_ROWS, rowCount - first);
                for (int row = 0; row < count; row++) {
                    MemorySegment.copy(
                            rows.of(first), rows.offset(first + row), weights, row * weightSize, weightSize);
                }
                put(weights.asSlice(0, count * weightSize).asByteBuffer());
            }
        }
    }

    private void put(ByteBuffer bytes) throws IOException {
        checksum.update(bytes.duplicate());
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private void endSection(TableHeader header, Section section) throws IOException {
        long size = header.size(section);
        put(ByteBuffer.allocate((int) (TableHeader.padded(size) - size)));
        checksums.put(section, (int) checksum.getValue());
        checksum.reset();
    }

    private void writeAll(ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }
}
