package io.github.corymb.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// A sum of the bytes of a file, which come chunk by chunk, on the heap: what lies outside stays until the heap is
/// collected.
interface FileSum {

    int CHUNK_SIZE = 1 << 16;

    /// Takes the first `count` bytes of a chunk.
    void take(byte[] chunk, int count);

    /// Ends it: lower-case hexadecimal digits.
    String hex();

    /// What a sum that has taken nothing makes of a file.
    static String of(Path file, FileSum sum) throws IOException {
        read(file, sum);
        return sum.hex();
    }

    /// Reads the file once for all sums.
    static void read(Path file, FileSum... sums) throws IOException {
        byte[] chunk = new byte[CHUNK_SIZE];
        try (InputStream bytes = Files.newInputStream(file)) {
            for (int count = bytes.read(chunk); count >= 0; count = bytes.read(chunk)) {
                for (FileSum sum : sums) {
                    sum.take(chunk, count);
                }
            }
        }
    }
}
