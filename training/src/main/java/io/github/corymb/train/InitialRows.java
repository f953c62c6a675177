package io.github.corymb.train;

import io.github.corymb.bundle.ElementType;
import io.github.corymb.bundle.Safetensors;
import io.github.corymb.bundle.StoredTensor;
import io.github.corymb.embedding.EmbeddingTable;
import io.github.corymb.feature.InputException;
import io.github.corymb.feature.Keys;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.List;

/// Rows that a table begins with, from a safetensors file: `keys` [n], ids as I64, and `vectors` [n, D] as F32.
final class InitialRows {

    private static final String KEYS = "keys";
    private static final String VECTORS = "vectors";

    private InitialRows() {}

    /// Gives every id of the file its row.
    ///
    /// @param table without rows
    /// @throws InputException where the file is not of that form, or of another width than the table, an id comes
    ///     twice, or a number is not finite
    static void read(Path path, EmbeddingTable table) {
        Safetensors file = Safetensors.open(path);
        StoredTensor keyTensor = tensor(path, file, KEYS, ElementType.I64);
        StoredTensor vectorTensor = tensor(path, file, VECTORS, ElementType.F32);
        long rowCount = keyTensor.shape().isEmpty() ? 0 : keyTensor.shape().getFirst();
        if (!keyTensor.shape().equals(List.of(rowCount))) {
            throw new InputException(
                    "%s: tensor '%s': expected shape [n], found %s".formatted(path, KEYS, keyTensor.shape()));
        }
        List<Long> expected = List.of(rowCount, (long) table.dimension());
        if (!vectorTensor.shape().equals(expected)) {
            throw new InputException("%s: tensor '%s': expected shape %s, as the keys and table '%s' have, found %s"
                    .formatted(path, VECTORS, expected, table.name(), vectorTensor.shape()));
        }
        LongBuffer keys = file.data(KEYS).asLongBuffer(); // [n]
        FloatBuffer vectors = file.floats(VECTORS); // [n, D]
        for (int row = 0; row < rowCount; row++) {
            int from = row * table.dimension();
            for (int column = 0; column < table.dimension(); column++) {
                if (!Float.isFinite(vectors.get(from + column))) {
                    throw new InputException("%s: tensor '%s': expected finite numbers, found %s in row %,d"
                            .formatted(path, VECTORS, vectors.get(from + column), row));
                }
            }
            if (!table.put(Keys.ofInteger(keys.get(row)), vectors.position(from))) {
                throw new InputException("%s: tensor '%s': expected every key once, found %d again in row %,d"
                        .formatted(path, KEYS, keys.get(row), row));
            }
        }
    }

    private static StoredTensor tensor(Path path, Safetensors file, String name, ElementType type) {
        StoredTensor tensor = file.tensors().get(name);
        if (tensor == null) {
            throw new InputException("%s: expected tensors '%s' and '%s', found %s"
                    .formatted(path, KEYS, VECTORS, file.tensors().keySet()));
        }
        if (tensor.type() != type) {
            throw new InputException(
                    "%s: tensor '%s': expected %s, found %s".formatted(path, name, type, tensor.type()));
        }
        return tensor;
    }
}
