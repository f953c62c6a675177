package io.github.corymb.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.FittedTask;
import io.github.corymb.feature.InputException;
import io.github.corymb.feature.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictionWriterTest {

    private static final int ROWS = 130_001; // more than one row group
    private static final String SOURCE =
            "SELECT 1 + (range * 7919) % " + ROWS + " AS id, 'n' || range AS name FROM range(" + ROWS + ")";
    private static final List<FittedTask> TASKS = List.of(
            new FittedTask("like", new Task.Binary("missing > 1", null, null, null), List.of(), 0.5),
            new FittedTask("kind", new Task.Multiclass("none", null, null, null, null), List.of("a", "b", "c"), 0));

    @TempDir
    Path folder;

    private Dataset open(List<String> kept) {
        FeatureSchema schema = new FeatureSchema(Fixture.categorical("id"));
        DataSpec spec = Fixture.spec(SOURCE, null);
        return Dataset.open(spec, folder, schema, TASKS, Reading.toPredict(kept), 1, LoadListener.NONE);
    }

    private static void writeAll(PredictionWriter writer) {
        SplittableRandom random = new SplittableRandom(5);
        int step = 3000;
        for (int from = 0; from < ROWS; from += step) {
            int count = Math.min(step, ROWS - from);
            double[][] predictions = new double[2][count * 3];
            for (int i = 0; i < count; i++) {
                predictions[0][i] = random.nextDouble();
                predictions[1][3 * i] = from + i;
                predictions[1][3 * i + 2] = 1 / 3.0;
            }
            writer.add(predictions, count);
        }
        writer.finish();
    }

    @Test
    void everyRowKeepsItsPlaceAndEveryBit() {
        for (String name : List.of("p.parquet", "p.csv")) {
            try (Dataset dataset = open(List.of("id", "name"));
                    PredictionWriter writer = new PredictionWriter(dataset, folder.resolve(name))) {
                assertEquals(ROWS, dataset.rowCount(Split.TEST));
                writeAll(writer);
            }
            try (DuckDb database = new DuckDb(folder, 1L << 28, 2);
                    QueryResult rows =
                            database.query("SELECT id::BIGINT, \"like\"::DOUBLE, (kind::DOUBLE[])[1]::BIGINT,"
                                    + " (kind::DOUBLE[])[3]::DOUBLE, name FROM '" + name + "'")) {
                SplittableRandom random = new SplittableRandom(5);
                long row = 0;
                while (rows.next()) {
                    long[] ids = rows.longs(0);
                    double[] likes = rows.doubles(1);
                    long[] firsts = rows.longs(2);
                    double[] thirds = rows.doubles(3);
                    String[] names = rows.texts(4);
                    for (int i = 0; i < ids.length; i++, row++) {
                        assertEquals(1 + row * 7919 % ROWS, ids[i]);
                        assertEquals(random.nextDouble(), likes[i]);
                        assertEquals(row, firsts[i]);
                        assertEquals(1 / 3.0, thirds[i]);
                        assertEquals("n" + row, names[i]);
                    }
                }
                assertEquals(ROWS, row);
            }
        }
    }

    @Test
    void nothingIsLeftOfAFileThatWasNotFinished() {
        Path file = folder.resolve("p.csv");
        try (Dataset dataset = open(List.of());
                PredictionWriter writer = new PredictionWriter(dataset, file)) {
            writer.add(new double[2][30], 10);
        }
        assertFalse(Files.exists(file));
        assertEquals(0, folder.toFile().list().length);
    }

    @Test
    void anotherEndingAndANameTwiceAreRefused() {
        try (Dataset dataset = open(List.of("id", "ID"))) {
            InputException ending =
                    assertThrows(InputException.class, () -> new PredictionWriter(dataset, Path.of("p.txt")).close());
            assertEquals("--out: expected a file that ends in .parquet or .csv, found p.txt", ending.getMessage());
            InputException twice =
                    assertThrows(InputException.class, () -> new PredictionWriter(dataset, Path.of("p.csv")).close());
            assertTrue(twice.getMessage().endsWith("found 'ID'"));
        }
        InputException unknown =
                assertThrows(InputException.class, () -> open(List.of("nam")).close());
        assertEquals("--keep: expected a column of the data, found 'nam'; did you mean 'name'?", unknown.getMessage());
    }
}
