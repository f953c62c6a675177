package io.github.corymb.data;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Appends rows of DOUBLE and DOUBLE[] columns to a table, a chunk of DuckDB at a time.
final class PredictionAppender implements AutoCloseable {

    private static final int CHUNK_ROW_LIMIT = 2048; // DuckDB's vector size

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment appender = arena.allocate(JAVA_LONG);
    private final MemorySegment chunk = arena.allocate(JAVA_LONG);
    private final List<Integer> widths; // [K], 1 for a column of numbers

    PredictionAppender(DuckDb database, String table, List<Integer> widths) {
        this.widths = widths;
        long state = DuckDbApi.call(
                DuckDbApi.APPENDER_CREATE,
                database.connection(),
                0,
                arena.allocateFrom(table).address(),
                appender.address());
        check(state);
        MemorySegment types = arena.allocate(JAVA_LONG, widths.size());
        for (int k = 0; k < widths.size(); k++) {
            types.setAtIndex(JAVA_LONG, k, type(widths.get(k)));
        }
        chunk.set(JAVA_LONG, 0, DuckDbApi.call(DuckDbApi.CREATE_CHUNK, types.address(), widths.size()));
        for (int k = 0; k < widths.size(); k++) {
            DuckDbApi.call(DuckDbApi.DESTROY_TYPE, types.address() + (long) k * Long.BYTES);
        }
    }

    private long type(int width) {
        long number = DuckDbApi.call(DuckDbApi.CREATE_TYPE, DuckDbApi.TYPE_DOUBLE);
        if (width == 1) {
            return number;
        }
        long list = DuckDbApi.call(DuckDbApi.CREATE_LIST_TYPE, number);
        DuckDbApi.call(DuckDbApi.DESTROY_TYPE, arena.allocateFrom(JAVA_LONG, number).address());
        return list;
    }

    /// @param predictions [K, rows · width]
    void add(double[][] predictions, int count) {
        for (int from = 0; from < count; from += CHUNK_ROW_LIMIT) {
            int rows = Math.min(CHUNK_ROW_LIMIT, count - from);
            long current = chunk.get(JAVA_LONG, 0);
            DuckDbApi.call(DuckDbApi.CHUNK_RESET, current);
            for (int k = 0; k < predictions.length; k++) {
                long vector = DuckDbApi.call(DuckDbApi.CHUNK_VECTOR, current, k);
                write(predictions[k], from, rows, widths.get(k), vector);
            }
            DuckDbApi.call(DuckDbApi.CHUNK_SET_SIZE, current, rows);
            check(DuckDbApi.call(DuckDbApi.APPEND_CHUNK, appender.get(JAVA_LONG, 0), current));
        }
    }

    private static void write(double[] values, int from, int rows, int width, long vector) {
        if (width == 1) {
            long data = DuckDbApi.call(DuckDbApi.VECTOR_DATA, vector);
            MemorySegment.copy(values, from, DuckDbApi.MEMORY, JAVA_DOUBLE, data, rows);
            return;
        }
        long entryCount = (long) rows * width;
        DuckDbApi.call(DuckDbApi.LIST_RESERVE, vector, entryCount);
        DuckDbApi.call(DuckDbApi.LIST_SET_SIZE, vector, entryCount);
        long entries = DuckDbApi.call(DuckDbApi.VECTOR_DATA, vector); // offset and length of each row
        for (int row = 0; row < rows; row++) {
            DuckDbApi.MEMORY.set(JAVA_LONG, entries + 16L * row, (long) row * width);
            DuckDbApi.MEMORY.set(JAVA_LONG, entries + 16L * row + Long.BYTES, width);
        }
        long child = DuckDbApi.call(DuckDbApi.LIST_CHILD, vector);
        long data = DuckDbApi.call(DuckDbApi.VECTOR_DATA, child);
        MemorySegment.copy(values, from * width, DuckDbApi.MEMORY, JAVA_DOUBLE, data, rows * width);
    }

    private void check(long state) {
        if (DuckDbApi.failed(state)) {
            throw new DuckDbException(
                    DuckDbApi.text(DuckDbApi.call(DuckDbApi.APPENDER_ERROR, appender.get(JAVA_LONG, 0))));
        }
    }

    /// Brings all rows into the table.
    @Override
    public void close() {
        if (!arena.scope().isAlive()) {
            return;
        }
        try {
            check(DuckDbApi.call(DuckDbApi.APPENDER_CLOSE, appender.get(JAVA_LONG, 0)));
        } finally {
            DuckDbApi.call(DuckDbApi.APPENDER_DESTROY, appender.address());
            DuckDbApi.call(DuckDbApi.DESTROY_CHUNK, chunk.address());
            arena.close();
        }
    }
}
