package io.github.corymb.train;

import io.github.corymb.embedding.FrozenTable;
import io.github.corymb.embedding.FrozenTables;
import io.github.corymb.export.LookupTable;
import io.github.corymb.feature.Field;
import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Tables small enough to stand in a graph, read whole.
final class SmallTables {

    /// Bytes of all tables: a message of Protocol Buffers, which a graph is, has at most 2 GiB.
    static final long SIZE_LIMIT = 1L << 30;

    private SmallTables() {}

    /// All tables by name.
    ///
    /// @throws InputException where they are too large, keys share rows in one, or its rows have two widths
    static Map<String, LookupTable> read(Path folder, List<List<Field>> sets) throws IOException {
        Map<String, LookupTable> tables = new HashMap<>();
        long size = 0;
        for (List<Field> fields : sets) {
            try (FrozenTables set = FrozenTables.open(folder, fields)) {
                for (FrozenTable table : set.tables()) {
                    if (fields.stream().noneMatch(field -> field.table().equals(table.name()))) {
                        throw new InputException(
                                "--all-in-one: table '%s': expected rows of one width, found further columns"
                                        .formatted(table.name()));
                    }
                    if (!table.hasRowPerKey()) {
                        throw new InputException("--all-in-one: table '%s': expected hashing none, found %s"
                                .formatted(table.name(), table.hashing()));
                    }
                    size += table.rowCount() * (2L * Long.BYTES + (long) table.dimension() * Float.BYTES);
                    if (size > SIZE_LIMIT) {
                        throw new InputException(
                                "--all-in-one: table '%s': expected tables of at most %,d bytes together, found more"
                                        .formatted(table.name(), SIZE_LIMIT));
                    }
                    tables.put(table.name(), read(table));
                }
            }
        }
        return tables;
    }

    private static LookupTable read(FrozenTable table) {
        int count = table.rowCount();
        int dimension = table.dimension();
        long[] keys = new long[count + 1]; // in the order of the visit, the default row's first
        float[] visited = new float[(count + 1) * dimension];
        int[] at = {0};
        table.forEachRow((key, weights) -> {
            keys[at[0]] = key;
            weights.duplicate().get(visited, at[0] * dimension, dimension);
            at[0]++;
        });
        long[] sorted = Arrays.copyOfRange(keys, 1, count + 1);
        Arrays.sort(sorted);
        float[] rows = new float[visited.length];
        FloatBuffer from = FloatBuffer.wrap(visited);
        from.get(0, rows, 0, dimension);
        for (int row = 1; row <= count; row++) {
            int place = Arrays.binarySearch(sorted, keys[row]) + 1;
            from.get(row * dimension, rows, place * dimension, dimension);
        }
        return new LookupTable(sorted, rows, dimension);
    }
}
