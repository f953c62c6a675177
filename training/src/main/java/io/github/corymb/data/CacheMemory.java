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

/// The memory of cached rows: off the heap up to a bound, then a mapped file. What is stored is valid until this is
/// closed.
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

    /// Bytes that were stored, in memory and in the file.
    long storedBytes() {
        return memoryBytes + spilledBytes;
    }

    static long aligned(long byteCount) {
        return (byteCount + ALIGNMENT_BYTES - 1) & -ALIGNMENT_BYTES;
    }

    /// The bytes of another file, without a copy.
    MemorySegment map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
    }

    /// Keeps `byteCount` bytes that `writer` writes.
    MemorySegment store(long byteCount, Consumer<MemorySegment> writer) {
        long size = aligned(byteCount); // so that the next piece is aligned too
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

    /// A file that goes when it is closed. Where the system allows it, the JDK unlinks it as soon as it is open, so
    /// that nothing of it stays whatever ends the process.
    private static FileChannel openUnlinked(Path folder) throws IOException {
        Path file = Files.createTempFile(folder, "corymb-rows-", ".spill");
        return FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
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
