package io.github.corymb.data;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The rows of one query, chunk by chunk, in DuckDB's order. What a chunk lends is gone with the next call of [#next()].
/// Columns are BIGINT, DOUBLE, VARCHAR or lists of them: the query casts everything else. One thread; closed by who asked.
final class QueryResult implements AutoCloseable {

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment statement = arena.allocate(JAVA_LONG);
    private final MemorySegment pending = arena.allocate(JAVA_LONG);
    private final MemorySegment result = arena.allocate(DuckDbApi.RESULT);
    private final MemorySegment chunk = arena.allocate(JAVA_LONG);

    private QueryResult() {}

    /// Prepares and starts `sql` on a connection.
    ///
    /// @throws DuckDbException if DuckDB refuses it
    static QueryResult start(long connection, String sql) {
        QueryResult query = new QueryResult();
        try {
            query.run(connection, sql);
            return query;
        } catch (RuntimeException e) {
            query.close();
            throw e;
        }
    }

    private void run(long connection, String sql) {
        MemorySegment text = arena.allocateFrom(sql);
        if (DuckDbApi.failed(
                DuckDbApi.call(DuckDbApi.PREPARE, connection, text.address(), statement.address(), 0))) {
            throw error(DuckDbApi.PREPARE_ERROR, statement);
        }
        if (DuckDbApi.failed(DuckDbApi.call(DuckDbApi.PENDING_STREAMING, statement.get(JAVA_LONG, 0), pending.address()))) {
            throw error(DuckDbApi.PENDING_ERROR, pending);
        }
        if (DuckDbApi.failed(DuckDbApi.call(DuckDbApi.EXECUTE_PENDING, pending.get(JAVA_LONG, 0), result.address()))) {
            throw resultError();
        }
    }

    private static DuckDbException error(MethodHandle message, MemorySegment holder) {
        return new DuckDbException(DuckDbApi.text(DuckDbApi.call(message, holder.get(JAVA_LONG, 0))));
    }

    private DuckDbException resultError() {
        return new DuckDbException(DuckDbApi.text(DuckDbApi.call(DuckDbApi.RESULT_ERROR, result.address())));
    }

    /// Goes on to the next chunk; `false` at the end.
    ///
    /// @throws DuckDbException if the query fails on the way
    boolean next() {
        dropChunk();
        long next = DuckDbApi.fetchChunk(result);
        if (next == 0) {
            if (DuckDbApi.call(DuckDbApi.RESULT_ERROR, result.address()) != 0) {
                throw resultError();
            }
            return false;
        }
        chunk.set(JAVA_LONG, 0, next);
        return true;
    }

    /// Rows of the current chunk, at most 2,048.
    int rowCount() {
        return Math.toIntExact(DuckDbApi.call(DuckDbApi.CHUNK_SIZE, chunk.get(JAVA_LONG, 0)));
    }

    /// Column `index` of the current chunk: a `duckdb_vector`.
    long vector(int index) {
        return DuckDbApi.call(DuckDbApi.CHUNK_VECTOR, chunk.get(JAVA_LONG, 0), index);
    }

    /// A copy of BIGINT column `index` of the current chunk; NULL gives an arbitrary number.
    long[] longs(int index) {
        long[] values = new long[rowCount()];
        long data = DuckDbApi.call(DuckDbApi.VECTOR_DATA, vector(index));
        MemorySegment.copy(DuckDbApi.MEMORY, JAVA_LONG, data, values, 0, values.length);
        return values;
    }

    /// A copy of DOUBLE column `index` of the current chunk, NaN where it is NULL.
    double[] doubles(int index) {
        double[] values = new double[rowCount()];
        long vector = vector(index);
        long data = DuckDbApi.call(DuckDbApi.VECTOR_DATA, vector);
        MemorySegment.copy(DuckDbApi.MEMORY, JAVA_DOUBLE, data, values, 0, values.length);
        long validity = DuckDbApi.call(DuckDbApi.VECTOR_VALIDITY, vector);
        for (int row = 0; validity != 0 && row < values.length; row++) {
            if (isNull(validity, row)) {
                values[row] = Double.NaN;
            }
        }
        return values;
    }

    /// VARCHAR column `index` of the current chunk, `null` where it is NULL.
    String[] texts(int index) {
        String[] values = new String[rowCount()];
        long vector = vector(index);
        long data = DuckDbApi.call(DuckDbApi.VECTOR_DATA, vector);
        long validity = DuckDbApi.call(DuckDbApi.VECTOR_VALIDITY, vector);
        for (int row = 0; row < values.length; row++) {
            if (!isNull(validity, row)) {
                values[row] = text(data + 16L * row);
            }
        }
        return values;
    }

    /// All rows of a query of VARCHAR columns, for what is small.
    List<String[]> allTexts(int columnCount) {
        List<String[]> rows = new ArrayList<>();
        while (next()) {
            int start = rows.size();
            for (int row = 0; row < rowCount(); row++) {
                rows.add(new String[columnCount]);
            }
            for (int column = 0; column < columnCount; column++) {
                String[] values = texts(column);
                for (int row = 0; row < values.length; row++) {
                    rows.get(start + row)[column] = values[row];
                }
            }
        }
        return rows;
    }

    /// Whether row `row` is NULL by a validity mask, one bit a row; no mask (0) means that none is.
    static boolean isNull(long validity, long row) {
        return validity != 0
                && (DuckDbApi.MEMORY.get(JAVA_LONG, validity + (row >>> 6) * Long.BYTES) >>> (row & 63) & 1) == 0;
    }

    /// Where the bytes of the `duckdb_string_t` at `address` stand: inside it up to 12 bytes, else where it points.
    static long textAddress(long address, int length) {
        return length <= 12 ? address + Integer.BYTES : DuckDbApi.MEMORY.get(JAVA_LONG, address + 8);
    }

    private static String text(long address) {
        int length = DuckDbApi.MEMORY.get(JAVA_INT, address);
        byte[] bytes = new byte[length];
        MemorySegment.copy(
                DuckDbApi.MEMORY,
                JAVA_BYTE,
                textAddress(address, length),
                bytes,
                0,
                length);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void dropChunk() {
        if (chunk.get(JAVA_LONG, 0) != 0) {
            DuckDbApi.call(DuckDbApi.DESTROY_CHUNK, chunk.address());
        }
    }

    @Override
    public void close() {
        if (!arena.scope().isAlive()) {
            return;
        }
        dropChunk();
        DuckDbApi.call(DuckDbApi.DESTROY_RESULT, result.address());
        DuckDbApi.call(DuckDbApi.DESTROY_PENDING, pending.address());
        DuckDbApi.call(DuckDbApi.DESTROY_PREPARE, statement.address());
        arena.close();
    }
}
