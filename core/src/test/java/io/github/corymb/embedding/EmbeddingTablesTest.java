package io.github.corymb.embedding;

import static io.github.corymb.embedding.Batches.array;
import static io.github.corymb.embedding.Batches.buffer;
import static io.github.corymb.embedding.Batches.field;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.feature.Batch;
import io.github.corymb.feature.Field;
import io.github.corymb.feature.Pooling;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class EmbeddingTablesTest {

    private static final long SEED = 7;
    // a large ε, since a sum that cancels to 0 in doubles and to 1e-9 in floats would step differently with a small one
    private static final List<EmbeddingSpec> SPECS = List.of(
            new EmbeddingSpec.RowWiseAdagrad(0.1, 0.01, 0.02, null, null, 0.5, null),
            new EmbeddingSpec.Adagrad(0.1, 0.01, 0.02, null, null, 0.5, null),
            new EmbeddingSpec.Sgd(0.1, null, 0.02, null, null, 0.5, null),
            new EmbeddingSpec.Adam(0.1, 0.8, 0.9, 0.01, 0.02, null, null, 0.5, null),
            new EmbeddingSpec.RowWiseAdam(0.1, 0.8, 0.9, 0.01, 0.02, 0.1, null, 0.5, null),
            new EmbeddingSpec.Sgd(0.1, 0.7, 0.02, 0.1, 0.05, 0.5, null),
            new EmbeddingSpec.Adagrad(0.1, 0.01, 0.0, null, 0.02, 0.5, null),
            new EmbeddingSpec.Ftrl(0.1, 1.0, 0.5, 0.1, 0.5, null));
    private static final EmbeddingSpec ADAGRAD = EmbeddingSpec.standard();

    @Property(tries = 200, seed = "20261124")
    void gatherAndUpdateEqualTheNaiveTwin(@ForAll long seed, @ForAll boolean vectors) {
        int threads = 1;
        SplittableRandom random = new SplittableRandom(seed);
        List<Field> fields = Batches.fields(random);
        EmbeddingSpec spec = SPECS.get(random.nextInt(SPECS.size()));
        RowKernel kernel = vectors ? new VectorKernel() : new PlainKernel();
        NaiveTables naive = new NaiveTables(fields, spec, SEED);
        try (EmbeddingTables tables = new EmbeddingTables(
                FieldLayout.of(fields),
                spec,
                SEED,
                0,
                EmbeddingTables.empty(fields, spec, TableSpecs.standard(), SEED),
                kernel,
                threads)) {
            for (int step = 1; step <= 4; step++) {
                Batch batch = Batches.random(random, fields.size(), random.nextInt(12));
                double[][] expected = naive.gather(batch, true);
                FloatBuffer leaf = buffer(batch.rowCount() * tables.width());
                tables.gather(batch, leaf, true);
                assertClose(expected, leaf);

                double[][] gradient = Batches.gradient(random, batch.rowCount(), tables.width());
                naive.update(batch, gradient, 1.0 / step, step);
                tables.update(buffer(gradient), 1.0 / step, step);

                Batch other = Batches.random(random, fields.size(), 5);
                FloatBuffer evaluated = buffer(5 * tables.width());
                tables.gather(other, evaluated, false);
                assertClose(naive.gather(other, false), evaluated);
            }
            tables.tables().forEach(table -> assertEquals(naive.rowCount(table.name()), table.rowCount()));
        }
    }

    @Property(tries = 40, seed = "20261124")
    void theNumberOfThreadsShowsInNoBit(@ForAll long seed) throws IOException {
        byte[] expected = null;
        for (int threads : new int[] {1, 2, 3, 8}) {
            byte[] found = trained(seed, threads);
            expected = expected == null ? found : expected;
            assertArrayEquals(expected, found, threads + " threads");
        }
    }

    /// All that can be seen of tables after a few steps: what they gathered, their rows and their files.
    private static byte[] trained(long seed, int threads) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        List<Field> fields = Batches.fields(random);
        EmbeddingSpec spec = random.nextBoolean()
                ? SPECS.get(random.nextInt(SPECS.size()))
                : new EmbeddingSpec.Adam(null, null, null, null, null, null, null, null, 0.3);
        int rowLimit = random.nextInt(10) == 0 ? 6000 : 200; // in some runs enough for several parts of a table
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(seen);
        Path folder = Files.createTempDirectory("tables");
        try (EmbeddingTables tables = new EmbeddingTables(fields, spec, SEED, threads)) {
            for (int step = 1; step <= 3; step++) {
                int rowCount = random.nextInt(rowLimit);
                Batch batch = Batches.random(random, fields.size(), rowCount, 1 + 2 * rowCount);
                for (boolean training : new boolean[] {false, true}) {
                    FloatBuffer leaf = buffer(rowCount * tables.width());
                    tables.gather(batch, leaf, training);
                    for (float value : array(leaf)) {
                        out.writeFloat(value);
                    }
                }
                out.writeLong(tables.unknownCount());
                tables.update(buffer(Batches.gradient(random, rowCount, tables.width())), 1, step);
            }
            tables.write(folder, true);
            for (EmbeddingTable table : tables.tables()) {
                Path file = TableFile.path(folder, table.name());
                out.write(Files.readAllBytes(file));
                Files.delete(file);
            }
        } finally {
            Files.delete(folder);
        }
        return seen.toByteArray();
    }

    @Test
    void rowClipBoundsTheStepByTheRow() {
        double clip = 0.25;
        EmbeddingSpec spec = new EmbeddingSpec.Sgd(1.0, null, 0.0, null, clip, 0.5, null);
        List<Field> fields = List.of(field("f", "t", 2, Pooling.SUM));
        try (EmbeddingTables tables = new EmbeddingTables(fields, spec, SEED, 1)) {
            FloatBuffer leaf = buffer(2);
            tables.gather(Batches.of(new long[][] {{5}}), leaf, true);
            float[] w = array(leaf);
            tables.update(buffer(30f, 40f), 1, 1); // of length 50, far beyond a quarter of the row
            tables.gather(Batches.of(new long[][] {{5}}), leaf, true);
            double length = clip * Math.hypot(w[0], w[1]);
            assertEquals(w[0] - length * 30 / 50, leaf.get(0), 1e-6);
            assertEquals(w[1] - length * 40 / 50, leaf.get(1), 1e-6);
            float[] before = array(leaf);
            tables.update(buffer(1e-3f, 0f), 1, 2); // below it: as it is
            tables.gather(Batches.of(new long[][] {{5}}), leaf, false);
            assertEquals(before[0] - 1e-3, leaf.get(0), 1e-6);
        }
    }

    @Test
    void weightDecayStandsApartFromTheGradient() {
        EmbeddingSpec spec = new EmbeddingSpec.Adagrad(0.1, 1e-10, 0.0, 0.5, null, 0.5, null);
        List<Field> fields = List.of(field("f", "t", 1, Pooling.SUM));
        try (EmbeddingTables tables = new EmbeddingTables(fields, spec, SEED, 1)) {
            FloatBuffer leaf = buffer(1);
            tables.gather(Batches.of(new long[][] {{5}}), leaf, true);
            double w = leaf.get(0);
            tables.update(buffer(2f), 1, 1);
            tables.gather(Batches.of(new long[][] {{5}}), leaf, false);
            assertEquals((1 - 0.1 * 0.5) * w - 0.1 * 2 / 2.0, leaf.get(0), 1e-6);
        }
    }

    @Test
    void duplicatesOfTwoFieldsMakeOneStepPerRow() {
        List<Field> fields = List.of(field("item", "t", 1, Pooling.SUM), field("history", "t", 1, Pooling.MEAN));
        long[][] item = {{5}, {6}};
        long[][] history = {{5, 6, 5, 5}, {}};
        // row 5: 3 from the item, 3/4 of 8 from the history; row 6: 10 and 1/4 of 8; 9 reaches no row
        double g5 = 3 + 8 * 3 / 4.0;
        double g6 = 10 + 8 / 4.0;
        try (EmbeddingTables tables =
                new EmbeddingTables(fields, new EmbeddingSpec.Sgd(0.5, null, 0.0, null, null, 1.0, null), SEED, 1)) {
            FloatBuffer leaf = buffer(4);
            tables.gather(Batches.of(item, history), leaf, true);
            double w5 = leaf.get(0);
            double w6 = leaf.get(2);
            tables.update(buffer(3f, 8f, 10f, 9f), 0.5, 1);
            EmbeddingTable table = tables.tables().getFirst();
            assertEquals(w5 - 0.5 * 0.5 * g5, table.weights(table.row(5, false)).get(0), 1e-6);
            assertEquals(w6 - 0.5 * 0.5 * g6, table.weights(table.row(6, false)).get(0), 1e-6);
        }
    }

    @Test
    void firstStepOfEachOptimizerIsItsFormula() {
        double g0 = 3;
        double g1 = 4;
        double rootMean = Math.sqrt((g0 * g0 + g1 * g1) / 2);
        // bias-corrected at step 1, Adam's moments are g and g²
        assertStep(new EmbeddingSpec.Adam(0.1, null, null, null, null, null, null, null, null), 0.1, 0.1);
        assertStep(new EmbeddingSpec.Adagrad(0.1, null, null, null, null, null, null), 0.1, 0.1);
        assertStep(
                new EmbeddingSpec.RowWiseAdagrad(0.1, null, null, null, null, null, null),
                0.1 * g0 / rootMean,
                0.1 * g1 / rootMean);
        assertStep(new EmbeddingSpec.Sgd(0.1, null, null, null, null, null, null), 0.1 * g0, 0.1 * g1);
        assertStep(new EmbeddingSpec.Sgd(0.1, 0.9, null, null, null, null, null), 0.1 * g0, 0.1 * g1);
        assertStep(
                new EmbeddingSpec.RowWiseAdam(0.1, null, null, null, null, null, null, null, null),
                0.1 * g0 / rootMean,
                0.1 * g1 / rootMean);
        // with beta 0, FTRL starts as Adagrad does
        assertStep(new EmbeddingSpec.Ftrl(0.1, 0.0, null, null, null, null), 0.1, 0.1);
    }

    @Test
    void adamCorrectsItsBiasByTheGlobalStep() {
        EmbeddingSpec.Adam adam = new EmbeddingSpec.Adam(0.1, 0.9, 0.99, 1e-8, 0.0, null, null, null, null);
        List<Field> fields = List.of(field("f", "t", 1, Pooling.SUM));
        try (EmbeddingTables tables = new EmbeddingTables(fields, adam, SEED, 1)) {
            FloatBuffer leaf = buffer(1);
            tables.gather(Batches.of(new long[][] {{5}}), leaf, true);
            double before = leaf.get(0);
            tables.update(buffer(2f), 1, 10);
            tables.gather(Batches.of(new long[][] {{5}}), leaf, false);
            double m = (1 - 0.9) * 2 / (1 - Math.pow(0.9, 10));
            double v = (1 - 0.99) * 2 * 2 / (1 - Math.pow(0.99, 10));
            assertEquals(before - 0.1 * m / Math.sqrt(v), leaf.get(0), 1e-6);
        }
    }

    @Test
    void aRowFirstSeenLateStartsWithTheStepThatAdamsGlobalCorrectionGives() {
        EmbeddingSpec.Adam adam = new EmbeddingSpec.Adam(0.1, 0.9, 0.999, 1e-8, 0.0, null, null, null, null);
        List<Field> fields = List.of(field("f", "t", 1, Pooling.SUM));
        try (EmbeddingTables tables = new EmbeddingTables(fields, adam, SEED, 1)) {
            FloatBuffer leaf = buffer(1);
            tables.gather(Batches.of(new long[][] {{5}}), leaf, true);
            double before = leaf.get(0);
            tables.update(buffer(2f), 1, 1_000_000);
            tables.gather(Batches.of(new long[][] {{5}}), leaf, false);
            assertEquals(before - 0.1 * (1 - 0.9) / Math.sqrt(1 - 0.999), leaf.get(0), 1e-6);
        }
    }

    @Test
    void keysWithoutARowReadZerosAndAreCounted() {
        List<Field> fields = List.of(field("f", "t", 3, Pooling.MEAN));
        try (EmbeddingTables tables = new EmbeddingTables(fields, ADAGRAD, SEED, 1)) {
            FloatBuffer leaf = buffer(1f, 1f, 1f, 1f, 1f, 1f);
            tables.gather(Batches.of(new long[][] {{8, 9, 8}, {EmbeddingTable.DEFAULT_KEY}}), leaf);
            assertArrayEquals(new float[6], array(leaf));
            assertEquals(3, tables.unknownCount());
            assertEquals(0, tables.tables().getFirst().rowCount());
        }
    }

    @Test
    void unknownShareTrainsTheDefaultRowAndNothingElseDoes() {
        List<Field> fields = List.of(field("f", "t", 1, Pooling.SUM));
        long[][] keys = new long[10_000][1];
        for (int b = 0; b < keys.length; b++) {
            keys[b][0] = 1L + b;
        }
        float[] ones = new float[keys.length];
        Arrays.fill(ones, 1);
        for (double share : new double[] {0, 0.25}) {
            EmbeddingSpec spec = new EmbeddingSpec.Sgd(0.5, null, 0.0, null, null, null, share);
            try (EmbeddingTables tables = new EmbeddingTables(fields, spec, SEED, 1)) {
                tables.gather(Batches.of(keys), buffer(keys.length), true);
                tables.update(buffer(ones), 1, 1);
                EmbeddingTable table = tables.tables().getFirst();
                int lookups = keys.length - table.rowCount(); // of the default row
                double sd = Math.sqrt(keys.length * share * (1 - share));
                assertEquals(keys.length * share, lookups, 4 * sd);
                assertEquals(
                        -0.5 * lookups,
                        table.weights(EmbeddingTable.DEFAULT_ROW).get(0),
                        1e-2);
            }
        }
    }

    @Test
    void evaluationBetweenGatherAndUpdateChangesNothing() {
        List<Field> fields = List.of(field("f", "t", 4, Pooling.SUM));
        float[][] after = new float[2][];
        for (int run = 0; run < 2; run++) {
            try (EmbeddingTables tables = new EmbeddingTables(fields, ADAGRAD, SEED, 1)) {
                FloatBuffer leaf = buffer(4);
                Batch batch = Batches.of(new long[][] {{5}});
                tables.gather(batch, leaf, true);
                if (run == 1) {
                    batch.reset(3);
                    for (int b = 0; b < 3; b++) {
                        int at = batch.fields().getFirst().addRow(1);
                        batch.fields().getFirst().keys()[at] = 77;
                    }
                    tables.gather(batch, buffer(12), false);
                }
                tables.update(buffer(1f, 2f, 3f, 4f), 1, 1);
                tables.gather(Batches.of(new long[][] {{5}}), leaf, false);
                after[run] = array(leaf);
                assertEquals(run == 1 ? 3 : 0, tables.unknownCount());
            }
        }
        assertArrayEquals(after[0], after[1]);
    }

    @Test
    void misuseIsRefused() {
        List<Field> fields = List.of(field("f", "t", 2, Pooling.SUM));
        try (EmbeddingTables tables = new EmbeddingTables(fields, ADAGRAD, SEED, 1)) {
            Batch batch = Batches.of(new long[][] {{5}});
            assertThrows(IllegalStateException.class, () -> tables.update(buffer(2), 1, 1));
            assertThrows(IllegalArgumentException.class, () -> tables.gather(batch, FloatBuffer.allocate(2), true));
            assertThrows(IllegalArgumentException.class, () -> tables.gather(batch, buffer(1), true));
            assertThrows(IllegalArgumentException.class, () -> tables.gather(new Batch(2, 0), buffer(2), true));
            tables.gather(batch, buffer(2), true);
            assertThrows(IllegalArgumentException.class, () -> tables.update(buffer(2), 1, 0));
            tables.update(buffer(2), 1, 1);
            assertThrows(IllegalStateException.class, () -> tables.update(buffer(2), 1, 2));
        }
        List<Field> uneven = List.of(field("a", "t", 2, Pooling.SUM), field("b", "t", 3, Pooling.SUM));
        String message = assertThrows(IllegalArgumentException.class, () -> FieldLayout.of(uneven))
                .getMessage();
        assertEquals("feature 'b': expected dimension 2, as table 't' has, found 3", message);
    }

    private static void assertStep(EmbeddingSpec spec, double step0, double step1) {
        List<Field> fields = List.of(field("f", "t", 2, Pooling.SUM));
        try (EmbeddingTables tables = new EmbeddingTables(fields, spec, SEED, 1)) {
            FloatBuffer leaf = buffer(2);
            tables.gather(Batches.of(new long[][] {{5}}), leaf, true);
            float[] before = array(leaf);
            tables.update(buffer(3f, 4f), 1, 1);
            tables.gather(Batches.of(new long[][] {{5}}), leaf, false);
            assertEquals(before[0] - step0, leaf.get(0), 1e-6);
            assertEquals(before[1] - step1, leaf.get(1), 1e-6);
        }
    }

    private static void assertClose(double[][] expected, FloatBuffer actual) {
        int at = 0;
        for (double[] row : expected) {
            for (double value : row) {
                double tolerance = 1e-5 * Math.max(1, Math.abs(value));
                assertTrue(Math.abs(value - actual.get(at)) <= tolerance, value + " is not " + actual.get(at));
                at++;
            }
        }
    }
}
