package io.github.corymb.data;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// An in-memory DuckDB with one connection. It keeps the order of the rows it reads, spills to a folder of its own that
/// goes when it is closed, never fetches an extension from the network, and tells errors as JSON.
/// One thread at a time; DuckDB has its own threads inside.
final class DuckDb implements AutoCloseable {

    private static final long MEMORY_LEAST_BYTES = 256L << 20;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment database = arena.allocate(JAVA_LONG); // duckdb_database
    private final MemorySegment connection = arena.allocate(JAVA_LONG); // duckdb_connection
    private final Path spillFolder;

    /// @param baseFolder where relative paths inside SQL are looked for
    /// @param memoryBytes about what DuckDB may hold in memory before it spills
    /// @param threadCount how many threads DuckDB computes with
    DuckDb(Path baseFolder, long memoryBytes, int threadCount) {
        spillFolder = createSpillFolder();
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("threads", Integer.toString(threadCount));
        settings.put("memory_limit", (Math.max(MEMORY_LEAST_BYTES, memoryBytes) >> 20) + "MiB");
        settings.put("temp_directory", spillFolder.toString());
        settings.put("autoinstall_known_extensions", "false");
        settings.put("autoload_known_extensions", "false");
        settings.put("preserve_insertion_order", "true");
        settings.put("errors_as_json", "true");
        try {
            open(settings);
            execute("SET file_search_path = " + Sql.literal(baseFolder.toAbsolutePath().toString()));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void open(Map<String, String> settings) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment config = call.allocate(JAVA_LONG);
            MemorySegment error = call.allocate(JAVA_LONG);
            DuckDbApi.call(DuckDbApi.CREATE_CONFIG, config.address());
            settings.forEach((name, value) -> DuckDbApi.call(
                    DuckDbApi.SET_CONFIG,
                    config.get(JAVA_LONG, 0),
                    call.allocateFrom(name).address(),
                    call.allocateFrom(value).address(),
                    0));
            long state = DuckDbApi.call(
                    DuckDbApi.OPEN, 0, database.address(), config.get(JAVA_LONG, 0), error.address());
            DuckDbApi.call(DuckDbApi.DESTROY_CONFIG, config.address());
            if (DuckDbApi.failed(state)) {
                String message = DuckDbApi.text(error.get(JAVA_LONG, 0));
                DuckDbApi.call(DuckDbApi.FREE, error.get(JAVA_LONG, 0));
                throw new InputException("DuckDB: expected to start, found: " + SqlErrors.oneLine(message));
            }
            DuckDbApi.call(DuckDbApi.CONNECT, database.get(JAVA_LONG, 0), connection.address());
        }
    }

    /// Runs a statement to its end and forgets its rows.
    ///
    /// @throws DuckDbException if DuckDB refuses it
    void execute(String sql) {
        try (QueryResult result = query(sql)) {
            while (result.next()) {
                // The work is done inside DuckDB.
            }
        }
    }

    /// Starts a query whose rows are streamed; the caller closes it before the next call.
    ///
    /// @throws DuckDbException if DuckDB refuses it
    QueryResult query(String sql) {
        return QueryResult.start(connection.get(JAVA_LONG, 0), sql);
    }

    /// The one number that a query gives.
    long number(String sql) {
        try (QueryResult result = query("SELECT (" + sql + ")::BIGINT")) {
            if (!result.next()) {
                throw new IllegalStateException("no row from " + sql);
            }
            return result.longs(0)[0];
        }
    }

    long connection() {
        return connection.get(JAVA_LONG, 0);
    }

    private static Path createSpillFolder() {
        try {
            return Files.createTempDirectory("corymb-duckdb-");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create a folder for temporary data", e);
        }
    }

    @Override
    public void close() {
        if (!arena.scope().isAlive()) {
            return;
        }
        if (connection.get(JAVA_LONG, 0) != 0) {
            DuckDbApi.call(DuckDbApi.DISCONNECT, connection.address());
        }
        if (database.get(JAVA_LONG, 0) != 0) {
            DuckDbApi.call(DuckDbApi.CLOSE, database.address());
        }
        arena.close();
        Folders.deleteTree(spillFolder);
    }
}
