package io.github.corymb.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.feature.Feature;
import io.github.corymb.feature.Keys;
import io.github.corymb.feature.Scaling;
import io.github.corymb.feature.Task;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetTest {

    @TempDir
    Path folder;

    private Dataset load(String source, Map<String, Feature> features, Map<String, Task> tasks) {
        return Fixture.load(folder, Fixture.spec(source, Fixture.ALL_TRAIN), features, tasks);
    }

    @Test
    void oneTableGivesTheSameRowsFromEveryFormat() throws IOException {
        String query = "SELECT range AS id, 'name ' || range AS name, range / 4 AS x, range % 2 AS y FROM range(100)";
        Fixture.copy(folder, query, "t.parquet", "FORMAT parquet");
        Fixture.copy(folder, query, "t.csv", "FORMAT csv, HEADER");
        Fixture.copy(folder, query, "t.tsv", "FORMAT csv, HEADER, DELIMITER '\t'");
        Fixture.copy(folder, query, "t.ndjson", "FORMAT json");
        Fixture.copy(folder, query, "t.json", "FORMAT json, ARRAY true");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("t.csv.gz")))) {
            out.write(Files.readString(folder.resolve("t.csv")).getBytes(StandardCharsets.UTF_8));
        }
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("t.ndjson.gz")))) {
            out.write(Files.readString(folder.resolve("t.ndjson")).getBytes(StandardCharsets.UTF_8));
        }
        Map<String, Feature> features = Fixture.categorical("id", "name");
        features.put("x", new Feature.Numeric(null, null, true, Scaling.NONE, null, null));
        String expected = null;
        for (String source : List.of(
                "t.parquet",
                "t.csv",
                "t.tsv",
                "t.ndjson",
                "t.json",
                "t.csv.gz",
                "t.ndjson.gz",
                folder.resolve("t.csv").toString(),
                "FROM 't.parquet'",
                "SELECT * FROM \"t.csv\"",
                "SELECT * FROM read_csv(['t.csv'])",
                "-- a comment\nWITH q AS (FROM 't.csv.gz') SELECT * FROM q;",
                "FROM 't*.parquet'")) {
            try (Dataset dataset = load(source, features, Fixture.binary("y", "y = 1"))) {
                String contents = Fixture.contents(Fixture.rows(dataset, Split.TRAIN));
                expected = expected == null ? contents : expected;
                assertEquals(expected, contents, source);
            }
        }
        assertTrue(expected.contains(Long.toString(Keys.ofText("name 99"))));
    }

    @Test
    void aFileOfTheSameNameInTheWorkingFolderIsNotRead() throws IOException {
        Path trap = Path.of("corymb-trap.csv");
        Files.writeString(trap, "u,y\n1,1\n2,1\n");
        try {
            Fixture.write(folder, "corymb-trap.csv", "u,y\n3,1\n");
            try (Dataset dataset =
                    load("SELECT * FROM 'corymb-trap.csv'", Fixture.categorical("u"), Fixture.binary("y", "y"))) {
                assertEquals(1, dataset.rowCount(Split.TRAIN));
            }
        } finally {
            Files.delete(trap);
        }
    }

    @Test
    void historyComesFromAWindowFunction() {
        Fixture.write(folder, "r.csv", "user,item,time\n1,10,1\n1,11,2\n2,20,1\n1,12,3\n");
        String source = "SELECT *, list(item) OVER (PARTITION BY user ORDER BY time ROWS BETWEEN 2 PRECEDING AND"
                + " 1 PRECEDING) AS history, 1 AS y FROM 'r.csv' ORDER BY time, user";
        Map<String, Feature> features = Fixture.categorical("item");
        features.put("history", new Feature.Sequence(null, null, true, "item", null, null, null, null));
        try (Dataset dataset = load(source, features, Fixture.binary("y", "y"))) {
            long ten = Keys.ofInteger(10);
            long eleven = Keys.ofInteger(11);
            assertEquals(
                    List.of(List.of(), List.of(), List.of(ten), List.of(ten, eleven)),
                    Fixture.keys(Fixture.rows(dataset, Split.TRAIN), 1));
        }
    }

    @Test
    void labelsAreMaskedByNullAndSampleSpaceAndWeightedByRow() {
        String source = "SELECT range AS u, range AS r, CASE WHEN range <> 2 THEN range > 2 END AS y, range / 2 AS w"
                + " FROM range(5)";
        Map<String, Task> tasks = new LinkedHashMap<>();
        tasks.put("plain", new Task.Binary("y", null, null, null));
        tasks.put("space", new Task.Binary("r = 4", "r >= 3", null, "w"));
        tasks.put("number", new Task.Regression("r * 2", null, null, null, null, null, null));
        tasks.put("kind", new Task.Multiclass("['b', 'a', 'b', NULL, 'a'][r + 1]", null, null, null, null));
        try (Dataset dataset = load(source, Fixture.categorical("u"), tasks)) {
            LabelledBatch rows = Fixture.rows(dataset, Split.TRAIN);
            assertArrayEquals(new float[] {0, 0, 0, 1, 1}, rows.labels()[0]);
            assertArrayEquals(new float[] {1, 1, 0, 1, 1}, rows.weights()[0]);
            assertArrayEquals(new float[] {0, 0, 0, 0, 1}, rows.labels()[1]);
            assertArrayEquals(new float[] {0, 0, 0, 3 / 2f, 4 / 2f}, rows.weights()[1]);
            assertArrayEquals(new float[] {0, 2, 4, 6, 8}, rows.labels()[2]);
            assertArrayEquals(new float[] {1, 0, 1, 0, 0}, rows.labels()[3]);
            assertArrayEquals(new float[] {1, 1, 1, 0, 1}, rows.weights()[3]);
            assertEquals(List.of("a", "b"), dataset.tasks().get(3).classes());
            assertEquals((0 + 0 + 1 + 1) / 4.0, dataset.tasks().get(0).labelMean());
            assertEquals((0 + 2 + 4 + 6 + 8) / 5.0, dataset.tasks().get(2).labelMean());
            assertEquals(new LabelCount(2, 1, 3 / 2.0 + 4 / 2.0), dataset.labelCount(1, Split.TRAIN));
        }
    }

    @Test
    void rowsInAFileEqualRowsInMemory() {
        String source =
                "SELECT range AS u, range / 7 AS x, range(range % 5) AS history, range % 2 AS y, range % 11 AS g"
                        + " FROM range(150_000)";
        Map<String, Feature> features = Fixture.categorical("u");
        features.put("x", new Feature.Numeric(null, null, true, null, null, null));
        features.put("history", new Feature.Sequence(null, null, true, null, null, null, null, null));
        Map<String, Task> tasks = Fixture.binary("y", "y");
        SplitSpec split = new SplitSpec.Random(0.2, 0.1);
        try (Dataset memory = Fixture.load(folder, new DataSpec(source, split, "g", "1GB", 2, null), features, tasks);
                Dataset file =
                        Fixture.load(folder, new DataSpec(source, split, "g", "1KB", 2, null), features, tasks)) {
            assertEquals(0, memory.spilledBytes());
            assertTrue(file.spilledBytes() > 150_000L * Long.BYTES);
            for (Split each : Split.values()) {
                assertEquals(
                        Fixture.fingerprint(Fixture.rows(memory, each)), Fixture.fingerprint(Fixture.rows(file, each)));
            }
            int[] order = memory.order(3, 1);
            LabelledBatch one = memory.batch();
            LabelledBatch other = file.batch();
            memory.fill(Split.TRAIN, order, 70_000, 999, one);
            file.fill(Split.TRAIN, order, 70_000, 999, other);
            assertEquals(Fixture.contents(one), Fixture.contents(other));
        }
    }

    @Test
    void rowsDoNotDependOnTheNumberOfThreads() {
        String query = "SELECT (range * 7919) % 200_000 AS u, range % 2 AS y, range % 1000 AS t FROM range(200_000)";
        Fixture.copy(folder, query, "t.parquet", "FORMAT parquet");
        SplitSpec split = new SplitSpec.Time("t", 0.1, 0.1);
        Map<String, Task> tasks = Fixture.binary("y", "y");
        Map<String, Feature> features = Fixture.categorical("u");
        features.put("n", new Feature.Numeric(null, "u", true, null, null, null));
        try (Dataset one =
                        Fixture.load(folder, new DataSpec("t.parquet", split, null, null, 1, null), features, tasks);
                Dataset four =
                        Fixture.load(folder, new DataSpec("t.parquet", split, null, null, 4, null), features, tasks)) {
            assertEquals(one.schema(), four.schema());
            for (Split each : Split.values()) {
                assertEquals(
                        Fixture.fingerprint(Fixture.rows(one, each)), Fixture.fingerprint(Fixture.rows(four, each)));
            }
        }
    }

    @Test
    void anOrderGathersTheRowsItNames() {
        String source = "SELECT range AS u, range % 2 AS y FROM range(70_000)";
        try (Dataset dataset = load(source, Fixture.categorical("u"), Fixture.binary("y", "y"))) {
            int[] order = dataset.order(1, 2);
            assertArrayEquals(
                    IntStream.range(0, 70_000).toArray(),
                    Arrays.stream(order).sorted().toArray());
            assertArrayEquals(order, dataset.order(1, 2));
            assertTrue(!Arrays.equals(order, dataset.order(1, 3)) && !Arrays.equals(order, dataset.order(2, 2)));
            LabelledBatch batch = dataset.batch();
            for (int from = 0; from < order.length; from += 4096) {
                int count = Math.min(4096, order.length - from);
                dataset.fill(Split.TRAIN, order, from, count, batch);
                for (int i = 0; i < count; i++) {
                    int row = order[from + i];
                    assertEquals(
                            Keys.ofInteger(row), batch.inputs().fields().get(0).keys()[i]);
                    assertEquals(row % 2, batch.labels()[0][i]);
                }
            }
        }
    }

    @Test
    void typesBecomeWhatFeaturesRead() {
        String source = "SELECT true AS flag, 7::UTINYINT AS small, 18446744073709551615::UBIGINT AS wide,"
                + " 1.25::DECIMAL(9, 2) AS price, DATE '1970-01-02' AS day, 'b'::ENUM('a', 'b') AS kind,"
                + " [1, 2]::FLOAT[2] AS vector, [[1]] AS nested, 1 AS y";
        Map<String, Feature> features = Fixture.categorical("flag", "small", "wide", "day", "kind");
        for (String name : List.of("price", "day")) {
            features.put(name + "_number", new Feature.Numeric(null, name, true, Scaling.NONE, null, null));
        }
        features.put("vector", new Feature.Dense(null, null, null, 2));
        features.remove("day");
        try (Dataset dataset = load(source, features, Fixture.binary("y", "y"))) {
            LabelledBatch row = Fixture.rows(dataset, Split.TRAIN);
            List<Long> expected = List.of(
                    Keys.ofInteger(1), Keys.ofInteger(7), Keys.ofText("18446744073709551615"), Keys.ofText("b"));
            for (int field = 0; field < expected.size(); field++) {
                assertEquals(List.of(List.of(expected.get(field))), Fixture.keys(row, field));
            }
            assertArrayEquals(
                    new float[] {1.25f, 0, 86_400, 0, 1, 2, 0},
                    Arrays.copyOf(row.inputs().numeric(), dataset.schema().numericWidth()));
        }
    }

    @Test
    void aTaskWithoutPositivesOrLabelsInASplitIsWarnedOf() {
        String source = "SELECT range AS u, range = 0 AS rare, CASE WHEN range < 8 THEN 1.5 END AS number,"
                + " range AS t FROM range(10)";
        Map<String, Task> tasks = Fixture.binary("rare", "rare");
        tasks.put("number", new Task.Regression("number", null, null, null, null, null, null));
        DataSpec spec = Fixture.spec(source, new SplitSpec.Time("t", 0.1, 0.1));
        try (Dataset dataset = Fixture.load(folder, spec, Fixture.categorical("u"), tasks)) {
            assertEquals(
                    List.of(
                            "task 'rare': no positive row in validation",
                            "task 'rare': no positive row in test",
                            "task 'number': no labelled row in validation",
                            "task 'number': no labelled row in test"),
                    dataset.warnings());
        }
    }

    @Test
    void aModelsSourceIsReadWithItsSchemaAndTextColumns() {
        String source =
                "SELECT range AS u, range % 2 AS y, range AS t, CASE WHEN range % 3 > 0 THEN 'g' || range % 3 END"
                        + " AS g FROM range(9)";
        DataSpec spec = Fixture.spec(source, new SplitSpec.Time("t", 0.0, 1 / 3.0));
        Map<String, Feature> features = Fixture.categorical("u");
        features.put("t", new Feature.Numeric(null, null, true, null, null, null));
        try (Dataset first = Fixture.load(folder, spec, features, Fixture.binary("y", "y"));
                Dataset again = Dataset.open(
                        spec,
                        folder,
                        first.schema(),
                        first.tasks(),
                        Reading.ofSplit(List.of("g")),
                        7,
                        (_, _, _) -> {});
                Dataset all = Dataset.open(
                        spec.withUser("u"),
                        folder,
                        first.schema(),
                        first.tasks(),
                        Reading.ofAll(List.of()),
                        7,
                        LoadListener.NONE)) {
            assertEquals(
                    Fixture.contents(Fixture.rows(first, Split.TEST)),
                    Fixture.contents(Fixture.rows(again, Split.TEST)));
            TextColumn column = again.textColumn("g", Split.TEST);
            assertEquals(List.of("NULL", "g1", "g2"), column.values());
            assertArrayEquals(new int[] {0, 1, 2}, column.codes());
            assertEquals(9, all.rowCount(Split.TEST));
            assertEquals(Keys.ofInteger(8), Fixture.rows(all, Split.TEST).users()[8]);
        }
    }
}
