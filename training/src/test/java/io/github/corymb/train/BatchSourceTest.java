package io.github.corymb.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.Experiment;
import io.github.corymb.data.Dataset;
import io.github.corymb.data.LabelledBatch;
import io.github.corymb.data.Split;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchSourceTest {

    private static final Experiment EXPERIMENT = SampleExperiment.with("train.epochs=2", "train.batch=600");
    private static final int BATCHES = 3; // 1,400 rows: 600, 600 and 200

    private Dataset dataset;

    @BeforeEach
    void load() {
        dataset = Experiments.load(EXPERIMENT);
    }

    @AfterEach
    void close() {
        dataset.close();
    }

    private BatchSource source(int epoch, int batch) {
        return new BatchSource(dataset, EXPERIMENT.seed(), EXPERIMENT.train(), epoch, batch);
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "1, 2", "2, 0", "2, 1"})
    void batchesAreThoseThatTheirPlaceNames(int firstEpoch, int firstBatch) {
        LabelledBatch expected = dataset.batch();
        try (BatchSource source = source(firstEpoch, firstBatch)) {
            for (int epoch = firstEpoch; epoch <= 2; epoch++) {
                int[] order = dataset.order(EXPERIMENT.seed(), epoch);
                for (int batch = epoch == firstEpoch ? firstBatch : 0; batch < BATCHES; batch++) {
                    int count = Math.min(600, 1400 - 600 * batch);
                    dataset.fill(Split.TRAIN, order, 600 * batch, count, expected);
                    assertSame(expected, source.next());
                    assertTrue(source.waitedSeconds() >= 0);
                }
            }
        }
    }

    private static void assertSame(LabelledBatch expected, LabelledBatch found) {
        int rows = expected.rowCount();
        assertEquals(rows, found.rowCount());
        for (int k = 0; k < expected.labels().length; k++) {
            assertArrayEquals(Arrays.copyOf(expected.labels()[k], rows), Arrays.copyOf(found.labels()[k], rows));
            assertArrayEquals(Arrays.copyOf(expected.weights()[k], rows), Arrays.copyOf(found.weights()[k], rows));
        }
        for (int f = 0; f < expected.inputs().fields().size(); f++) {
            int keys = expected.inputs().fields().get(f).keyCount();
            assertEquals(keys, found.inputs().fields().get(f).keyCount());
            assertArrayEquals(
                    Arrays.copyOf(expected.inputs().fields().get(f).keys(), keys),
                    Arrays.copyOf(found.inputs().fields().get(f).keys(), keys));
        }
    }

    @Test
    void itsThreadEndsWithIt() {
        BatchSource source = source(1, 0);
        assertEquals(600, source.next().rowCount());
        source.close();
        assertFalse(Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("batch-source") && thread.isAlive()));
    }

    @Test
    void whatGoesWrongWhileFillingIsThrownToWhoeverAsks() {
        try (BatchSource source = source(1, BATCHES + 7)) { // far beyond the rows: nothing to give, nothing to throw
            assertEquals(600, source.next().rowCount(), "the second epoch");
        }
        try (BatchSource source = source(1, -1)) { // a place that does not exist
            assertThrows(IndexOutOfBoundsException.class, source::next);
        }
    }
}
