package io.github.corymb.embedding;

import static io.github.corymb.embedding.Batches.buffer;
import static io.github.corymb.embedding.Batches.field;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.corymb.feature.Batch;
import io.github.corymb.feature.Field;
import io.github.corymb.feature.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EvictionTest {

    private static final long SEED = 3;
    private static final List<Field> FIELDS = List.of(field("f", "t", 2, Pooling.SUM));
    private static final EmbeddingSpec ADAGRAD = EmbeddingSpec.standard();
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path folder;

    @Test
    void rowsWithoutUpdatesForMoreStepsThanAllowedGo() {
        try (EmbeddingTables tables =
                tables(new TableSpec(null, null, new ExpirySpec(2L, null), null, null, null, null, null, null))) {
            EmbeddingTable table = tables.tables().getFirst();
            step(tables, 1, 5, 6); // 5 was updated last in step 1, 6 in step 2, 7 in step 3
            step(tables, 2, 6, 7);
            step(tables, 3, 7);
            tables.evict(true, START);
            assertEquals(List.of(5L, 6L, 7L), keys(table)); // 3 - 1 = 2 steps ago is not more than 2
            step(tables, 4, 7);
            tables.evict(true, START);
            assertEquals(List.of(6L, 7L), keys(table)); // 4 - 1 = 3 steps ago is
            assertEquals(List.of(5L), evicted(table, 3));
            assertEquals(List.of(), evicted(table, 4));
            assertEquals(EmbeddingTable.DEFAULT_ROW, table.row(5, false));
            assertEquals(new TableTally(6, 0, 1, 0), table.tally());
        }
    }

    @Test
    void rowsWithoutUpdatesForLongerThanAllowedGoByTheClockGiven() {
        ExpirySpec day = new ExpirySpec(null, 1.0);
        try (EmbeddingTables tables = tables(new TableSpec(null, null, day, null, null, null, null, null, null))) {
            EmbeddingTable table = tables.tables().getFirst();
            step(tables, 1, 5);
            tables.evict(true, START);
            step(tables, 2, 6);
            tables.evict(true, START.plus(Duration.ofHours(12)));
            step(tables, 3, 7);
            tables.evict(true, START.plus(Duration.ofHours(24)).minusMillis(1));
            assertEquals(List.of(5L, 6L, 7L), keys(table));
            tables.evict(true, START.plus(Duration.ofHours(24)));
            assertEquals(List.of(6L, 7L), keys(table));
            tables.evict(true, START.plus(Duration.ofHours(36)));
            assertEquals(List.of(7L), keys(table));
            assertEquals(2, table.tally().expiredCount());
        }
    }

    @Test
    void aKeyThatComesBackIsNewAndNoTombstone() {
        try (EmbeddingTables tables =
                tables(new TableSpec(null, null, new ExpirySpec(1L, null), null, null, null, null, null, null))) {
            EmbeddingTable table = tables.tables().getFirst();
            step(tables, 1, 5);
            float[] trained = weights(table, 5);
            step(tables, 2, 6);
            step(tables, 3, 6);
            tables.evict(true, START);
            assertEquals(List.of(5L), evicted(table, 0));
            int free = 1; // 5 had the first row
            assertEquals(free, table.row(7, true));
            step(tables, 4, 5);
            assertEquals(List.of(), evicted(table, 0));
            assertArrayEquals(trained, weights(table, 5)); // the same initial weights, an empty state, the same step
            table.forgetEvicted(4);
            assertEquals(0, table.tombstones().count());
        }
    }

    /// Against sorting all rows by what they are worth.
    @ParameterizedTest
    @EnumSource(TrimSpec.Keep.class)
    void trimmingKeepsTheBestRows(TrimSpec.Keep keep) {
        int size = 60;
        TableSpec spec = new TableSpec(null, null, null, new TrimSpec((long) size, keep), null, null, null, null, null);
        try (EmbeddingTables tables = tables(spec)) {
            EmbeddingTable table = tables.tables().getFirst();
            SplittableRandom random = new SplittableRandom(8);
            Map<Long, Integer> last = new HashMap<>();
            Map<Long, Integer> count = new HashMap<>();
            for (int step = 1; step <= 300; step++) {
                long[] looked = random.longs(10, 1, 1 + random.nextInt(1, 400)).toArray();
                step(tables, step, looked);
                for (long key : LongStream.of(looked).distinct().toArray()) {
                    last.put(key, step);
                    count.merge(key, 1, Integer::sum);
                }
                if (step % 20 == 0) {
                    Comparator<Long> recent = Comparator.comparing(last::get);
                    Comparator<Long> worth = keep == TrimSpec.Keep.RECENT ? recent : Comparator.comparing(count::get);
                    if (keep == TrimSpec.Keep.FREQUENT) {
                        worth = worth.thenComparing(recent);
                    }
                    List<Long> order = new ArrayList<>(keys(table)); // of rows, which decides where all is equal
                    order.sort(worth);
                    tables.evict(true, START);
                    List<Long> gone = order.subList(0, Math.max(0, order.size() - size));
                    if (keep == TrimSpec.Keep.FREQUENT) {
                        assertEquals(
                                List.of(),
                                gone.stream()
                                        .filter(key -> table.row(key, false) > 0)
                                        .toList());
                    }
                    assertEquals(Math.min(order.size(), size), table.rowCount());
                    int worst = keys(table).stream().mapToInt(last::get).min().orElse(0);
                    if (keep == TrimSpec.Keep.RECENT) {
                        gone.forEach(key -> assertEquals(true, last.get(key) <= worst));
                    }
                    gone.stream().filter(key -> table.row(key, false) == 0).forEach(count::remove);
                }
            }
            assertEquals(table.tally().trimmedCount(), table.tally().evictedCount());
        }
    }

    @Test
    void rowsAreGivenUpEverySoManyStepsWhereAsked() {
        TableSpec spec = new TableSpec(null, null, null, new TrimSpec(1L, null), 2, null, null, null, null);
        try (EmbeddingTables tables = tables(spec)) {
            EmbeddingTable table = tables.tables().getFirst();
            step(tables, 1, 5, 6);
            tables.evict(false, START);
            assertEquals(2, table.rowCount());
            step(tables, 2, 7);
            tables.evict(false, START);
            assertEquals(List.of(7L), keys(table));
        }
    }

    @Test
    void aTableThatBeginsAnewEachEpochHasItsInitialRowsAndAnEmptyState() {
        TableSpec spec =
                new TableSpec(null, new AdmissionSpec.Count(2, null, null), null, null, null, null, true, null, null);
        try (EmbeddingTables tables = tables(spec);
                EmbeddingTables fresh = tables(TableSpec.standard())) {
            step(fresh, 1, 5);
            float[] once = weights(fresh.tables().getFirst(), 5);
            EmbeddingTable table = tables.tables().getFirst();
            step(tables, 1, 5); // refused: the default row learns
            step(tables, 2, 5);
            step(tables, 3, 5);
            tables.beginEpoch();
            assertArrayEquals(new float[2], Batches.array(table.weights(EmbeddingTable.DEFAULT_ROW)));
            step(tables, 4, 5);
            assertArrayEquals(once, weights(table, 5)); // as after its first step
        }
    }

    @Test
    void nothingIsGivenUpWhileABatchWaitsForItsUpdate() {
        try (EmbeddingTables tables = tables(TableSpec.standard())) {
            tables.gather(Batches.of(new long[][] {{5}}), buffer(2), true);
            assertThrows(IllegalStateException.class, () -> tables.evict(true, START));
        }
    }

    @Test
    void aResumedTableGivesUpTheSameRows() throws IOException {
        TableSpec spec = new TableSpec(
                null,
                null,
                new ExpirySpec(30L, 2.0),
                new TrimSpec(200L, TrimSpec.Keep.FREQUENT),
                5,
                null,
                null,
                null,
                null);
        try (EmbeddingTables whole = tables(spec)) {
            run(whole, 1, 60);
            whole.write(Files.createDirectories(folder.resolve("base")), true);
            run(whole, 61, 100);
            try (EmbeddingTables resumed =
                    EmbeddingTables.open(folder.resolve("base"), List.of(), FIELDS, ADAGRAD, specs(spec), SEED, 2)) {
                run(resumed, 61, 100);
                assertEquals(
                        whole.tables().getFirst().tally(),
                        resumed.tables().getFirst().tally());
                assertEquals(
                        keys(whole.tables().getFirst()), keys(resumed.tables().getFirst()));
                assertEquals(
                        evicted(whole.tables().getFirst(), 70),
                        evicted(resumed.tables().getFirst(), 70));
            }
        }
    }

    static void run(EmbeddingTables tables, int first, int last) {
        for (int step = first; step <= last; step++) {
            SplittableRandom random = new SplittableRandom(step);
            step(tables, step, random.longs(20, 1, 1000).map(key -> key * key).toArray());
            tables.evict(step % 50 == 0, START.plus(Duration.ofHours(step)));
        }
    }

    static TableSpecs specs(TableSpec spec) {
        return new TableSpecs(Map.of("t", spec), MemoryBound.none());
    }

    private static EmbeddingTables tables(TableSpec spec) {
        return new EmbeddingTables(FIELDS, ADAGRAD, specs(spec), SEED, 2);
    }

    static void step(EmbeddingTables tables, int step, long... keys) {
        long[][] rows = Arrays.stream(keys).mapToObj(key -> new long[] {key}).toArray(long[][]::new);
        Batch batch = Batches.of(rows);
        tables.gather(batch, buffer(2 * keys.length), true);
        float[] ones = new float[2 * keys.length];
        Arrays.fill(ones, 1);
        tables.update(buffer(ones), 1, step);
    }

    /// In the order of rows.
    private static List<Long> keys(EmbeddingTable table) {
        List<Long> keys = new ArrayList<>();
        table.forEachRow((key, _) -> keys.add(key));
        return keys.subList(1, keys.size());
    }

    private static List<Long> evicted(EmbeddingTable table, long since) {
        List<Long> keys = new ArrayList<>();
        table.evictedSince(since, keys::add);
        return keys;
    }

    private static float[] weights(EmbeddingTable table, long key) {
        return Batches.array(table.weights(table.row(key, false)));
    }
}
