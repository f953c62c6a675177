package io.github.corymb.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.corymb.feature.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceFilesTest {

    @TempDir
    Path folder;

    private Path a;
    private Path b;

    @BeforeEach
    void writeFiles() {
        a = Fixture.write(folder, "a.csv", "u,x,y\n1,2,1\n");
        b = Fixture.write(folder, "b.csv", "u,z\n1,3\n");
    }

    private Optional<List<Path>> files(String sql, String label) {
        try (DuckDb database = new DuckDb(folder, 1L << 28, 1)) {
            Map<String, Task> tasks = Fixture.binary("y", label);
            return SourceFiles.of(database, SourceSql.of(database, sql, folder), folder, tasks);
        }
    }

    @Test
    void everyFileOfASourceIsFoundOnce() {
        assertEquals(Optional.of(List.of(a)), files("a.csv", "y = 1"));
        assertEquals(Optional.of(List.of(a)), files(a.toString(), "y = 1"));
        assertEquals(Optional.of(List.of(a, b)), files("SELECT * FROM 'b.csv' JOIN 'a.csv' USING (u)", "y"));
        assertEquals(Optional.of(List.of(a, b)), files("FROM read_csv(['a.csv', 'b.csv', 'a.csv'])", "y"));
        assertEquals(
                Optional.of(List.of(a)),
                files("WITH q AS (SELECT *, row_number() OVER () AS n FROM 'a.csv') FROM Q", "y = 1"));
        assertEquals(
                Optional.of(List.of(a)),
                files(
                        "SELECT *, (SELECT list_sum(list(x)) + avg(x) FROM read_csv('a.csv')) AS m FROM range(3)",
                        "m > 0"));
        assertEquals(Optional.of(List.of()), files("SELECT range % 2 AS y FROM range(9)", "y"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FROM '*.csv'",
                "FROM read_csv('a' || '.csv')",
                "FROM glob('a.csv')",
                "FROM duckdb_settings()",
                "SELECT * FROM information_schema.tables",
                "SELECT random() AS y FROM 'a.csv'",
                "SELECT u, y FROM (SELECT *, uuid() AS v FROM 'a.csv')",
                "SELECT *, now() AS t FROM 'a.csv'",
                "SELECT *, current_date AS t FROM 'a.csv'",
                "SELECT *, CURRENT_TIMESTAMP AS t FROM 'a.csv'",
                "SELECT *, ago(INTERVAL 1 DAY) AS t FROM 'a.csv'",
                "FROM 'a.csv' TABLESAMPLE 50%",
                "FROM 'a.csv' USING SAMPLE 1 ROWS",
                "FROM 'a.csv' WHERE u IN (SELECT random())"
            })
    void rowsThatMayBeOthersTheNextTimeHaveNone(String sql) {
        assertEquals(Optional.empty(), files(sql, "y = 1"));
    }

    @Test
    void soDoLabels() {
        assertEquals(Optional.empty(), files("a.csv", "random() < 0.5"));
        assertEquals(Optional.empty(), files("a.csv", "y = 1 AND today() > '2020-01-01'::DATE"));
        assertEquals(Optional.of(List.of(a)), files("a.csv", "abs(y) = 1 OR split_part(x, '|', 1) = '1'"));
    }
}
