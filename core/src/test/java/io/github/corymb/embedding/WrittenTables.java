package io.github.corymb.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What tables are once they are written.
final class WrittenTables {

    private WrittenTables() {}

    /// Writes both, with all that learning needs, to folders of their own and compares one file to the byte.
    static void assertSame(EmbeddingTables one, EmbeddingTables other, String file, Path folder) throws IOException {
        Path first = Files.createTempDirectory(folder, "one");
        Path second = Files.createTempDirectory(folder, "other");
        one.write(first, true);
        other.write(second, true);
        assertEquals(-1, Files.mismatch(first.resolve(file), second.resolve(file)));
    }
}
