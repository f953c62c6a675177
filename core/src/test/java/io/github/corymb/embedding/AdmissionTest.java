package io.github.corymb.embedding;

import static io.github.corymb.embedding.Batches.buffer;
import static io.github.corymb.embedding.Batches.field;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.feature.Field;
import io.github.corymb.feature.Pooling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdmissionTest {

    private static final long SEED = 4;
    private static final List<Field> FIELDS = List.of(field("f", "t", 1, Pooling.SUM));

    @TempDir
    Path folder;

    @Test
    void aKeyGetsItsRowInTheStepThatSeesItForTheThresholdthTime() {
        try (EmbeddingTables tables = tables(new AdmissionSpec.Count(3, null, null), EmbeddingSpec.standard())) {
            EmbeddingTable table = tables.tables().getFirst();
            step(tables, 1, 5, 5, 5); // once a step counts
            step(tables, 2, 5, 6);
            assertEquals(0, table.rowCount());
            step(tables, 3, 5);
            assertEquals(1, table.row(5, false));
            assertEquals(1, table.rowCount());
            step(tables, 4, 5, 6);
            step(tables, 5, 6);
            assertEquals(2, table.rowCount());
            assertEquals(new TableTally(7, 4, 0, 0), table.tally()); // 5 and 6 refused twice each
            assertEquals(1 - 4 / 7.0, table.tally().admittedShare(), 1e-15);
        }
    }

    @Test
    void keysThatAreRefusedTrainTheDefaultRowOnceByTheirSum() {
        EmbeddingSpec sgd = new EmbeddingSpec.Sgd(0.5, null, null, null, null, 0.0, null);
        try (EmbeddingTables tables = tables(new AdmissionSpec.Count(9, null, null), sgd)) {
            var leaf = buffer(4);
            tables.gather(Batches.of(new long[][] {{5}, {6}, {5, 7}, {8}}), leaf, true);
            tables.update(buffer(1f, 2f, 3f, 4f), 1, 1);
            // 5, 6, 5 and 7 of the third row, 8
            double sum = 1 + 2 + 2 * 3 + 4;
            EmbeddingTable table = tables.tables().getFirst();
            assertEquals(-0.5 * sum, table.weights(EmbeddingTable.DEFAULT_ROW).get(0), 1e-6);
            tables.gather(Batches.of(new long[][] {{5}, {6, 9}, {}, {7}}), leaf, true);
            assertEquals(-0.5 * sum, leaf.get(0), 1e-6);
            assertEquals(2 * -0.5 * sum, leaf.get(1), 1e-6);
            assertEquals(0, table.rowCount());
        }
    }

    @Test
    void aKeySeenThresholdTimesHasARowWithProbability95Percent() {
        int threshold = 4;
        int keyCount = 20_000;
        double share = 1 - Math.pow(0.05, 1.0 / threshold);
        try (EmbeddingTables tables = tables(new AdmissionSpec.Probability(threshold), EmbeddingSpec.standard())) {
            long[] keys = new long[keyCount];
            for (int i = 0; i < keyCount; i++) {
                keys[i] = i + 1L;
            }
            for (int step = 1; step <= threshold; step++) {
                step(tables, step, keys);
                double expected = 1 - Math.pow(1 - share, step);
                double deviation = Math.sqrt(expected * (1 - expected) / keyCount);
                double found = tables.tables().getFirst().rowCount() / (double) keyCount;
                assertEquals(expected, found, 5 * deviation);
            }
        }
    }

    @Test
    void aSketchNeverCountsLessThanItRemembersAndSeldomMore() {
        int capacity = 20_000;
        AdmissionSpec.Count spec = new AdmissionSpec.Count(2, capacity, 5);
        try (TableMemory memory = TableMemory.unbounded()) {
            CountingSketch sketch = new CountingSketch(spec, memory);
            SplittableRandom random = new SplittableRandom(1);
            List<Long> seen = new ArrayList<>();
            int remembered = capacity - capacity / 5;
            for (int i = 0; i < 3 * capacity; i++) {
                long key = random.nextLong(1, 8_000);
                sketch.add(key);
                seen.add(key);
            }
            int[] counts = new int[8_000];
            seen.subList(seen.size() - remembered, seen.size()).forEach(key -> counts[key.intValue()]++);
            int above = 0;
            for (int key = 1; key < counts.length; key++) {
                assertTrue(sketch.count(key) >= counts[key], key + " was seen more often than counted");
            }
            for (long key = 1_000_000; key < 1_020_000; key++) {
                above += sketch.count(key) > 0 ? 1 : 0; // never seen
            }
            // five full segments, each of which takes a key for seen with at most (1 - e^(-1/2))^4
            double each = Math.pow(1 - Math.exp(-0.5), 4);
            assertTrue(above / 20_000.0 < 1 - Math.pow(1 - each, 5) + 0.01, above + " of 20,000");
        }
    }

    @Test
    void whatWasSeenBeforeTheCapacityIsForgotten() {
        try (TableMemory memory = TableMemory.unbounded()) {
            CountingSketch sketch = new CountingSketch(new AdmissionSpec.Count(2, 300, 5), memory);
            sketch.add(7);
            assertEquals(1, sketch.count(7));
            for (long key = 100; key < 400; key++) {
                sketch.add(key);
            }
            int others = sketch.count(8); // what keys never seen are taken for
            assertTrue(sketch.count(7) <= Math.max(1, others), "forgotten");
            long after = 0;
            for (long key = 400; key < 1000; key++) {
                sketch.add(7);
                after = sketch.count(7);
            }
            assertTrue(after >= 240 && after <= 300, "the last 300 at most: " + after);
        }
    }

    @Test
    void aResumedTableAdmitsTheSameKeys() throws IOException {
        for (AdmissionSpec admission :
                List.of(new AdmissionSpec.Count(3, 2_000, 5), new AdmissionSpec.Probability(5))) {
            TableSpecs specs = specs(admission);
            EmbeddingSpec spec = EmbeddingSpec.standard();
            try (EmbeddingTables whole = new EmbeddingTables(FIELDS, spec, specs, SEED, 2)) {
                run(whole, 1, 40);
                whole.write(folder, true);
                run(whole, 41, 80);
                try (EmbeddingTables resumed = EmbeddingTables.open(folder, List.of(), FIELDS, spec, specs, SEED, 2)) {
                    run(resumed, 41, 80);
                    WrittenTables.assertSame(whole, resumed, "t.rows", folder);
                    assertTrue(whole.tables().getFirst().tally().refusedCount() > 0);
                    assertTrue(whole.tables().getFirst().rowCount() > 100);
                }
            }
        }
    }

    private static void run(EmbeddingTables tables, int first, int last) {
        for (int step = first; step <= last; step++) {
            step(tables, step, new SplittableRandom(step).longs(50, 1, 1000).toArray());
        }
    }

    private static void step(EmbeddingTables tables, int step, long... keys) {
        long[][] rows = new long[keys.length][];
        for (int i = 0; i < keys.length; i++) {
            rows[i] = new long[] {keys[i]};
        }
        tables.gather(Batches.of(rows), buffer(keys.length), true);
        tables.update(buffer(new float[keys.length]), 1, step);
    }

    private static EmbeddingTables tables(AdmissionSpec admission, EmbeddingSpec spec) {
        return new EmbeddingTables(FIELDS, spec, specs(admission), SEED, 2);
    }

    private static TableSpecs specs(AdmissionSpec admission) {
        return new TableSpecs(
                Map.of("t", new TableSpec(null, admission, null, null, null, null, null, null, null)),
                MemoryBound.none());
    }
}
