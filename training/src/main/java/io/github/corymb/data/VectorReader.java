package io.github.corymb.data;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.corymb.feature.Column;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Copies chosen rows of a DuckDB vector of type BIGINT, DOUBLE, VARCHAR or a list of them.
final class VectorReader {

    private static final MemorySegment MEMORY = DuckDbApi.MEMORY;
    private static final long TEXT_SIZE = 16; // duckdb_string_t
    private static final long LIST_SIZE = 16; // duckdb_list_entry: offset and length

    private VectorReader() {}

    /// The `count` rows whose numbers `rows` begins with.
    static Column read(long vector, int[] rows, int count) {
        long data = DuckDbApi.call(DuckDbApi.VECTOR_DATA, vector);
        long validity = DuckDbApi.call(DuckDbApi.VECTOR_VALIDITY, vector);
        boolean[] nulls = nulls(validity, rows, count);
        int type = type(vector);
        return switch (type) {
            case DuckDbApi.TYPE_BIGINT -> new Column.Longs(longs(data, rows, count), nulls);
            case DuckDbApi.TYPE_DOUBLE -> new Column.Doubles(doubles(data, rows, count), nulls);
            case DuckDbApi.TYPE_VARCHAR -> texts(data, rows, count, nulls);
            case DuckDbApi.TYPE_LIST -> lists(vector, data, rows, count, nulls);
            default -> throw new IllegalStateException("vector of type " + type);
        };
    }

    private static int type(long vector) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment logical = call.allocate(JAVA_LONG);
            logical.set(JAVA_LONG, 0, DuckDbApi.call(DuckDbApi.VECTOR_TYPE, vector));
            int type = (int) DuckDbApi.call(DuckDbApi.TYPE_ID, logical.get(JAVA_LONG, 0));
            DuckDbApi.call(DuckDbApi.DESTROY_TYPE, logical.address());
            return type;
        }
    }

    private static boolean[] nulls(long validity, int[] rows, int count) {
        if (validity == 0) {
            return null;
        }
        boolean[] nulls = new boolean[count];
        boolean any = false;
        for (int i = 0; i < count; i++) {
            nulls[i] = QueryResult.isNull(validity, rows[i]);
            any |= nulls[i];
        }
        return any ? nulls : null;
    }

    private static long[] longs(long data, int[] rows, int count) {
        long[] values = new long[count];
        if (isRun(rows, count)) {
            MemorySegment.copy(MEMORY, JAVA_LONG, data + (long) rows[0] * Long.BYTES, values, 0, count);
            return values;
        }
        for (int i = 0; i < count; i++) {
            values[i] = MEMORY.get(JAVA_LONG, data + (long) rows[i] * Long.BYTES);
        }
        return values;
    }

    private static double[] doubles(long data, int[] rows, int count) {
        double[] values = new double[count];
        if (isRun(rows, count)) {
            MemorySegment.copy(MEMORY, JAVA_DOUBLE, data + (long) rows[0] * Double.BYTES, values, 0, count);
            return values;
        }
        for (int i = 0; i < count; i++) {
            values[i] = MEMORY.get(JAVA_DOUBLE, data + (long) rows[i] * Double.BYTES);
        }
        return values;
    }

    /// Whether the rows follow one another without a gap, as all rows of a chunk do, and the entries of their lists.
    private static boolean isRun(int[] rows, int count) {
        for (int i = 1; i < count; i++) {
            if (rows[i] != rows[0] + i) {
                return false;
            }
        }
        return count > 0;
    }

    private static Column.Texts texts(long data, int[] rows, int count, boolean[] nulls) {
        int[] offsets = new int[count + 1];
        for (int i = 0; i < count; i++) {
            int length = nulls != null && nulls[i] ? 0 : MEMORY.get(JAVA_INT, data + TEXT_SIZE * rows[i]);
            offsets[i + 1] = Math.addExact(offsets[i], length);
        }
        byte[] utf8 = new byte[offsets[count]];
        for (int i = 0; i < count; i++) {
            int length = offsets[i + 1] - offsets[i];
            if (length > 0) {
                long from = QueryResult.textAddress(data + TEXT_SIZE * rows[i], length);
                MemorySegment.copy(MEMORY, JAVA_BYTE, from, utf8, offsets[i], length);
            }
        }
        return new Column.Texts(utf8, offsets, nulls);
    }

    private static Column.Lists lists(long vector, long data, int[] rows, int count, boolean[] nulls) {
        int[] offsets = new int[count + 1];
        for (int i = 0; i < count; i++) {
            boolean missing = nulls != null && nulls[i];
            long length = missing ? 0 : MEMORY.get(JAVA_LONG, data + LIST_SIZE * rows[i] + Long.BYTES);
            offsets[i + 1] = Math.addExact(offsets[i], Math.toIntExact(length));
        }
        int[] entries = new int[offsets[count]];
        for (int i = 0; i < count; i++) {
            int first = Math.toIntExact(
                    offsets[i] == offsets[i + 1] ? 0 : MEMORY.get(JAVA_LONG, data + LIST_SIZE * rows[i]));
            for (int at = offsets[i]; at < offsets[i + 1]; at++) {
                entries[at] = first + at - offsets[i];
            }
        }
        long child = DuckDbApi.call(DuckDbApi.LIST_CHILD, vector);
        return new Column.Lists(offsets, read(child, entries, entries.length), nulls);
    }
}
