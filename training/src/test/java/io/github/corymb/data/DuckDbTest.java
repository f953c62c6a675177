package io.github.corymb.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.feature.Column;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuckDbTest {

    @TempDir
    Path folder;

    private DuckDb open() {
        return new DuckDb(folder, 1L << 28, 2);
    }

    private static Column read(QueryResult chunk, int column) {
        int[] rows = new int[chunk.rowCount()];
        Arrays.setAll(rows, row -> row);
        return VectorReader.read(chunk.vector(column), rows, rows.length);
    }

    @Test
    void rowsComeInTheOrderTheyWereInsertedAndRowidCountsThem() {
        int n = 300_000; // more than two of DuckDB's row groups
        try (DuckDb database = open()) {
            database.execute("CREATE TEMP TABLE t AS SELECT (range * 7919) % " + n + " AS x FROM range(" + n + ")");
            long row = 0;
            try (QueryResult result = database.query("SELECT x::BIGINT, rowid FROM t")) {
                while (result.next()) {
                    long[] values = result.longs(0);
                    long[] ids = result.longs(1);
                    for (int i = 0; i < values.length; i++, row++) {
                        assertEquals(row * 7919 % n, values[i]);
                        assertEquals(row, ids[i]);
                    }
                }
            }
            assertEquals(n, row);
        }
    }

    @Test
    void textsShortAndLongNullsAndListsAreCopied() {
        String query = "SELECT * FROM (VALUES ('twelve bytes', [1, 2]::BIGINT[], 0.5::DOUBLE), (NULL, NULL, NULL),"
                + " ('thirteen byte', []::BIGINT[], -1), ('é', [NULL, 3], 2))";
        try (DuckDb database = open();
                QueryResult chunk = database.query(query)) {
            assertTrue(chunk.next());
            Column.Texts texts = (Column.Texts) read(chunk, 0);
            assertEquals("twelve bytes", texts.text(0));
            assertTrue(texts.isNull(1));
            assertEquals("thirteen byte", texts.text(2));
            assertEquals("é", texts.text(3));
            Column.Lists lists = (Column.Lists) read(chunk, 1);
            assertArrayEquals(new int[] {0, 2, 2, 2, 4}, lists.offsets());
            Column.Longs entries = (Column.Longs) lists.elements();
            assertArrayEquals(new long[] {1, 2}, Arrays.copyOf(entries.values(), 2));
            assertTrue(entries.isNull(2) && !entries.isNull(3));
            assertEquals(3, entries.values()[3]);
            assertArrayEquals(new double[] {0.5, Double.NaN, -1, 2}, chunk.doubles(2));
            assertFalse(chunk.next());
        }
    }

    @Test
    void chosenRowsAloneAreCopied() {
        try (DuckDb database = open();
                QueryResult chunk = database.query("SELECT range AS a, ['x' || range, 'y'] AS b FROM range(5)")) {
            chunk.next();
            Column.Longs numbers = (Column.Longs) VectorReader.read(chunk.vector(0), new int[] {1, 4}, 2);
            assertArrayEquals(new long[] {1, 4}, numbers.values());
            assertNull(numbers.nulls());
            Column.Lists lists = (Column.Lists) VectorReader.read(chunk.vector(1), new int[] {1, 4}, 2);
            assertEquals("x4", ((Column.Texts) lists.elements()).text(2));
        }
    }

    @Test
    void anErrorOnTheWayIsToldAndTheConnectionGoesOn() {
        try (DuckDb database = open()) {
            String late = "SELECT CASE WHEN range = 99999 THEN 'x' ELSE '1' END::BIGINT FROM range(100000)";
            assertThrows(DuckDbException.class, () -> database.execute(late));
            assertThrows(DuckDbException.class, () -> database.execute("SELECT nonsense"));
            assertEquals(42, database.number("42"));
        }
    }

    @Test
    void nothingIsFetchedFromTheNetwork() {
        try (DuckDb database = open()) {
            String query = "SELECT count(*) FROM duckdb_settings() WHERE name IN ('autoinstall_known_extensions',"
                    + " 'autoload_known_extensions') AND value = 'false'";
            assertEquals(2, database.number(query));
        }
    }

    @Test
    void aLibraryCutOffInTheCacheIsReplaced() throws IOException {
        Path file = DuckDbLibrary.unpacked(folder);
        long size = Files.size(file);
        Files.write(file, new byte[] {1, 2, 3});
        assertEquals(file, DuckDbLibrary.unpacked(folder));
        assertEquals(size, Files.size(file));
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
    }
}
