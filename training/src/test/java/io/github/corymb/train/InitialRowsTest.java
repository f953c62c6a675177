package io.github.corymb.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.corymb.bundle.ElementType;
import io.github.corymb.bundle.SafetensorsWriter;
import io.github.corymb.embedding.EmbeddingSpec;
import io.github.corymb.embedding.EmbeddingTable;
import io.github.corymb.feature.InputException;
import io.github.corymb.feature.Keys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitialRowsTest {

    @TempDir
    Path folder;

    @Test
    void everyIdGetsItsVector() throws IOException {
        Path file = write(new long[] {7, -3}, new float[] {1, 2, 3, 4}, 2, 2);
        try (EmbeddingTable table = table(2)) {
            InitialRows.read(file, table);
            assertEquals(2, table.rowCount());
            assertEquals(2, table.weights(table.row(Keys.ofInteger(7), false)).get(1));
            assertEquals(3, table.weights(table.row(Keys.ofInteger(-3), false)).get(0));
        }
    }

    @Test
    void whatDoesNotFitIsOneLine() throws IOException {
        Path wide = write(new long[] {7}, new float[] {1, 2, 3}, 1, 3);
        assertRefused(
                wide + ": tensor 'vectors': expected shape [1, 2], as the keys and table 't' have, found [1, 3]", wide);
        Path twice = write(new long[] {7, 8, 7}, new float[6], 3, 2);
        assertRefused(twice + ": tensor 'keys': expected every key once, found 7 again in row 2", twice);
        Path broken = write(new long[] {7, 8}, new float[] {0, 0, 0, Float.NaN}, 2, 2);
        assertRefused(broken + ": tensor 'vectors': expected finite numbers, found NaN in row 1", broken);
        Path missing = folder.resolve("nothing.safetensors");
        assertEquals(
                true,
                assertThrows(InputException.class, () -> InitialRows.read(missing, null))
                        .getMessage()
                        .startsWith(missing + ": "));
    }

    private void assertRefused(String message, Path file) {
        try (EmbeddingTable table = table(2)) {
            assertEquals(
                    message,
                    assertThrows(InputException.class, () -> InitialRows.read(file, table))
                            .getMessage());
        }
    }

    private static EmbeddingTable table(int dimension) {
        return new EmbeddingTable("t", dimension, EmbeddingSpec.standard(), 1);
    }

    private Path write(long[] keys, float[] vectors, long rowCount, long width) throws IOException {
        Path file = folder.resolve("rows.safetensors");
        ByteBuffer ids = ByteBuffer.allocate(8 * keys.length).order(ByteOrder.LITTLE_ENDIAN);
        ids.asLongBuffer().put(keys);
        ByteBuffer numbers = ByteBuffer.allocate(4 * vectors.length).order(ByteOrder.LITTLE_ENDIAN);
        numbers.asFloatBuffer().put(vectors);
        new SafetensorsWriter()
                .add("keys", ElementType.I64, ids, rowCount)
                .add("vectors", ElementType.F32, numbers, rowCount, width)
                .write(file);
        return file;
    }
}
