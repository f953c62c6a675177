package io.github.corymb.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// The bytes of a file, chunk by chunk, on the heap: what lies outside stays until the heap is collected.
final class FileChunks {

    private static final int SIZE = 1 << 16;

    private FileChunks() {}

    /// Takes `count` bytes of a chunk from `from` on.
    @FunctionalInterface
    interface Sink {
        void take(byte[] chunk, int from, int count);
    }

    /// Reads the file once for all sinks.
    static void read(Path file, Sink... sinks) throws IOException {
        byte[] chunk = new byte[SIZE];
        try (InputStream bytes = Files.newInputStream(file)) {
            for (int count = bytes.read(chunk); count >= 0; count = bytes.read(chunk)) {
                for (Sink sink : sinks) {
                    sink.take(chunk, 0, count);
                }
            }
        }
    }
}
