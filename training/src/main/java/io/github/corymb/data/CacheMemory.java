package io.github.corymb.data;

import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/// The memory of cached rows: off the heap up to a bound, then a mapped file. The file is unlinked as soon as it is open,
/// so that nothing of it stays whatever ends the process; where the system does not allow that, it goes when this is
/// closed. What is stored is valid until then.
final class CacheMemory implements AutoCloseable {

    private static final long ALIGNMENT_BYTES = 8;

    private final Arena arena = Arena.ofShared();
    private final long limitBytes;
    private final Path spillFolder;
    private long memoryBytes;
    private long spilledBytes;
    private FileChannel spill; // null until it is needed

    CacheMemory(long limitBytes, Path spillFolder) {
        this.limitBytes = limitBytes;
        this.spillFolder = spillFolder;
    }

    /// Bytes that went to the file.
    long spilledBytes() {
        return spilledBytes;
    }

    /// Keeps `size` bytes that `writer` writes.
    MemorySegment store(long size, Consumer<MemorySegment> writer) {
        if (memoryBytes + size <= limitBytes) {
            MemorySegment segment = arena.allocate(Math.max(1, size), ALIGNMENT_BYTES);
            writer.accept(segment);
            memoryBytes += size;
            return segment;
        }
        try (Arena draft = Arena.ofConfined()) {
            MemorySegment segment = draft.allocate(size, ALIGNMENT_BYTES);
            writer.accept(segment);
            return spill(segment);
        } catch (IOException e) {
            throw new InputException(
                    "data.memory: expected room for encoded rows in " + spillFolder + ", found: " + e.getMessage(), e);
        }
    }

    private MemorySegment spill(MemorySegment segment) throws IOException {
        if (spill == null) {
            spill = openUnlinked(spillFolder);
        }
        long start = spilledBytes;
        ByteBuffer bytes = segment.asByteBuffer();
        while (bytes.hasRemaining()) {
            spilledBytes += spill.write(bytes, spilledBytes);
        }
        return spill.map(FileChannel.MapMode.READ_ONLY, start, segment.byteSize(), arena);
    }

    private static FileChannel openUnlinked(Path folder) throws IOException {
        Path file = Files.createTempFile(folder, "corymb-rows-", ".spill");
        FileChannel channel = FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        if (!System.getProperty("os.name").startsWith("Windows")) {
            Files.delete(file);
        }
        return channel;
    }

    @Override
    public void close() {
        if (!arena.scope().isAlive()) {
            return;
        }
        arena.close();
        try {
            if (spill != null) {
                spill.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the file of encoded rows", e);
        }
    }
}
