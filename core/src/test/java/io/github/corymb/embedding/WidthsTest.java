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
import io.github.corymb.feature.InputException;
import io.github.corymb.feature.Pooling;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.DoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class WidthsTest {

    private static final long SEED = 4;
    private static final int NARROW = 3; // d
    private static final int WIDE = 8; // D
    private static final int THRESHOLD = 3;
    private static final List<Field> FIELDS =
            List.of(field("a", "t", WIDE, Pooling.SUM), field("b", "t", WIDE, Pooling.MEAN));
    private static final List<Field> FIRST =
            List.of(field("a", "t", NARROW, Pooling.SUM), field("b", "t", NARROW, Pooling.MEAN));
    private static final List<Field> FURTHER =
            List.of(field("a", "u", WIDE - NARROW, Pooling.SUM), field("b", "u", WIDE - NARROW, Pooling.MEAN));
    private static final EmbeddingSpec ADAGRAD = EmbeddingSpec.standard();

    @TempDir
    Path folder;

    static List<DoubleFunction<EmbeddingSpec>> optimizers() {
        return List.of(
                scale -> new EmbeddingSpec.RowWiseAdagrad(0.1, 0.01, 0.02, null, null, scale, null),
                scale -> new EmbeddingSpec.Adagrad(0.1, 0.01, 0.0, null, 0.02, scale, null),
                scale -> new EmbeddingSpec.Sgd(0.1, null, 0.02, null, null, scale, null),
                scale -> new EmbeddingSpec.Sgd(0.1, 0.7, 0.02, 0.1, 0.05, scale, null),
                scale -> new EmbeddingSpec.Adam(0.1, 0.8, 0.9, 0.01, 0.02, null, null, scale, null),
                scale -> new EmbeddingSpec.RowWiseAdam(0.1, 0.8, 0.9, 0.01, 0.02, 0.1, null, scale, null),
                scale -> new EmbeddingSpec.Ftrl(0.1, 1.0, 0.5, 0.1, scale, null));
    }

    /// The twin: maps of rows for the first and for the further columns, and a count of steps a key. A key that has no
    /// further columns stands as key 0 there, whose row is zero at every gather.
    @ParameterizedTest
    @MethodSource("optimizers")
    void rowsAreThoseOfMapsByTheSameRules(DoubleFunction<EmbeddingSpec> optimizer) {
        NaiveTables first = new NaiveTables(FIRST, optimizer.apply(0.5), SEED);
        NaiveTables further = new NaiveTables(FURTHER, optimizer.apply(0), SEED);
        Map<Long, Integer> counts = new HashMap<>();
        Set<Long> frequent = new HashSet<>();
        SplittableRandom random = new SplittableRandom(SEED);
        try (EmbeddingTables tables = new EmbeddingTables(FIELDS, optimizer.apply(0.5), specs(null, null), SEED, 2)) {
            for (int step = 1; step <= 12; step++) {
                long[][][] keys = keys(random, 9);
                Set<Long> seen = new HashSet<>();
                for (long[][] field : keys) {
                    for (long[] row : field) {
                        for (long key : row) {
                            seen.add(key);
                        }
                    }
                }
                seen.forEach(key -> counts.merge(key, 1, Integer::sum));
                counts.forEach((key, count) -> {
                    if (count >= THRESHOLD) {
                        frequent.add(key);
                    }
                });
                Batch batch = Batches.of(keys);
                Batch wide = Batches.of(only(keys, frequent));
                FloatBuffer leaf = buffer(9 * tables.width());
                tables.gather(batch, leaf, true);
                assertRows(first.gather(batch, true), further.gather(wide, true), leaf);
                double[][] gradient = Batches.gradient(random, 9, tables.width());
                first.update(batch, columns(gradient, 0, NARROW), 1.0 / step, step);
                further.update(wide, columns(gradient, NARROW, WIDE), 1.0 / step, step);
                further.drop("u", 0);
                tables.update(buffer(gradient), 1.0 / step, step);

                long[][][] others = keys(random, 5);
                FloatBuffer evaluated = buffer(5 * tables.width());
                tables.gather(Batches.of(others), evaluated, false);
                double[][] expected = first.gather(Batches.of(others), false);
                assertRows(expected, further.gather(Batches.of(only(others, frequent)), false), evaluated);
            }
            assertEquals(counts.size(), tables.tables().getFirst().rowCount());
            assertEquals(frequent.size(), tables.tables().getLast().rowCount());
            assertTrue(frequent.size() > 5 && frequent.size() < counts.size(), frequent.size() + " are wide");
        }
    }

    @Test
    void noScoreJumpsWhenAKeyBecomesWide() {
        try (EmbeddingTables tables = new EmbeddingTables(FIELDS, ADAGRAD, specs(null, null), SEED, 1)) {
            Batch batch = Batches.of(new long[][][] {{{7}}, {{7}}});
            for (int step = 1; step < THRESHOLD; step++) {
                tables.gather(batch, buffer(tables.width()), true);
                tables.update(gradient(step, 1), 1, step);
            }
            FloatBuffer before = buffer(tables.width());
            tables.gather(batch, before, false);
            assertEquals(0, tables.tables().getLast().rowCount());
            FloatBuffer after = buffer(tables.width());
            tables.gather(batch, after, true);
            assertEquals(1, tables.tables().getLast().rowCount());
            assertArrayEquals(array(before), array(after));
            tables.update(gradient(THRESHOLD, 1), 1, THRESHOLD);
            tables.gather(batch, after, false);
            assertTrue(after.get(NARROW) != 0, "its further columns learn");
            assertEquals(0, tables.unknownCount(), "a narrow key is known");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TableStorage.class,
            names = {"FLOAT32", "BFLOAT16", "FLOAT16"})
    void aResumedRunAndAnyNumberOfThreadsGiveTheSameBits(TableStorage storage) throws IOException {
        Path base = Files.createDirectory(folder.resolve("base"));
        Path increment = Files.createDirectory(folder.resolve("increment"));
        TrimSpec trim = new TrimSpec(900L, TrimSpec.Keep.RECENT);
        TableSpecs specs = specs(trim, storage);
        try (EmbeddingTables one = new EmbeddingTables(FIELDS, shared(), specs, SEED, 1);
                EmbeddingTables three = new EmbeddingTables(FIELDS, shared(), specs, SEED, 3)) {
            train(one, 1, 20);
            train(three, 1, 20);
            one.write(base, true);
            train(one, 21, 25);
            one.writeIncrement(increment, 20);
            train(one, 26, 40);
            train(three, 21, 40);
            try (EmbeddingTables resumed = open(specs, base)) {
                train(resumed, 21, 40);
                for (String file : List.of("t.rows", "t.wide.rows")) {
                    WrittenTables.assertSame(one, three, file, folder);
                    WrittenTables.assertSame(one, resumed, file, folder);
                }
            }
            try (EmbeddingTables resumed = open(specs, base, increment)) {
                train(resumed, 26, 40);
                assertSameScores(one, resumed);
            }
        }
    }

    @Test
    void aKeyThatLosesItsRowIsNarrowAgain() {
        TableSpecs specs = specs(new TrimSpec(300L, TrimSpec.Keep.FREQUENT), null);
        try (EmbeddingTables tables = new EmbeddingTables(FIELDS, ADAGRAD, specs, SEED, 2)) {
            train(tables, 1, 30);
            EmbeddingTable first = tables.tables().getFirst();
            EmbeddingTable further = tables.tables().getLast();
            assertEquals(300, first.rowCount());
            assertTrue(further.tally().evictedCount() > 0 && further.rowCount() > 0);
            Set<Long> evicted = new HashSet<>();
            first.evictedSince(0, evicted::add);
            further.forEachRow((key, _) -> assertTrue(key == 0 || first.row(key, false) != 0));
            further.evictedSince(0, key -> assertTrue(evicted.contains(key) || first.row(key, false) != 0));
            long lost = evicted.iterator().next();
            Batch batch = Batches.of(new long[][][] {{{lost}}, {{}}});
            tables.gather(batch, buffer(tables.width()), true);
            tables.update(gradient(31, 1), 1, 31);
            assertEquals(0, further.row(lost, false), "it is seen for the first time again");
        }
    }

    @ParameterizedTest
    @EnumSource(Storage.class)
    void aMappedFileGivesWhatTheTableDoes(Storage storage) throws IOException {
        try (EmbeddingTables tables = new EmbeddingTables(FIELDS, ADAGRAD, specs(null, null), SEED, 2)) {
            train(tables, 1, 20);
            tables.write(folder, storage);
            try (FrozenTables frozen = FrozenTables.open(folder, FIELDS)) {
                frozen.verify();
                Batch batch = Batches.random(new SplittableRandom(99), 2, 200, 400);
                FloatBuffer expected = buffer(200 * tables.width());
                FloatBuffer found = buffer(200 * tables.width());
                tables.gather(batch, expected, false);
                frozen.gather(batch, found);
                // at most 4 rows are pooled, of weights below 2; int8 has steps of 4 / 255 there
                float error = storage == Storage.FLOAT32 ? 0 : 0.04f;
                assertArrayEquals(array(expected), array(found), error);
                assertEquals(tables.unknownCount(), frozen.unknownCount());
                assertFieldsAlone(frozen, batch, array(found));
                assertEquals(
                        List.of(NARROW, WIDE - NARROW),
                        frozen.tables().stream().map(FrozenTable::dimension).toList());
            }
            Files.delete(folder.resolve("t.wide.rows"));
            assertEquals(
                    "%s: expected dimension 8, found 3".formatted(folder.resolve("t.rows")),
                    assertThrows(InputException.class, () -> FrozenTables.open(folder, FIELDS))
                            .getMessage());
        }
    }

    /// Each field in a buffer of its own has the columns that it has among all.
    private static void assertFieldsAlone(FrozenTables frozen, Batch batch, float[] together) {
        List<FloatBuffer> alone = FIELDS.stream().map(_ -> buffer(200 * WIDE)).toList();
        frozen.gather(batch, alone);
        for (int b = 0; b < 200; b++) {
            for (int column = 0; column < frozen.width(); column++) {
                float found = alone.get(column / WIDE).get(b * WIDE + column % WIDE);
                assertEquals(together[b * frozen.width() + column], found, 0);
            }
        }
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertEquals("narrow: expected at least 1, found nothing", refusal(() -> new WidthsSpec(null, 2)));
        assertEquals(
                "tables.t.widths.narrow: expected less than the table's dimension of 8, found 8",
                refusal(() -> new WidthsSpec(8, 2).check("t", 8)));
        WidthsSpec widths = new WidthsSpec(2, 2);
        HashingSpec hashing = new HashingSpec.HashTrick(10);
        assertEquals(
                "hashing: expected no widths beside it, since its rows belong to no key; found one",
                refusal(() -> new TableSpec(null, null, null, null, null, null, null, null, hashing, widths)));
        assertEquals(
                "widths: expected no initial beside it, since no row begins whole; found one",
                refusal(() -> new TableSpec(null, null, null, null, null, Path.of("x"), null, null, null, widths)));
        assertEquals(
                "widths: expected no memory beside it, which would bound its narrow part alone, but"
                        + " train.table_memory; found one",
                refusal(() -> new TableSpec("1GB", null, null, null, null, null, null, null, null, widths)));
    }

    private static String refusal(Executable executable) {
        return assertThrows(IllegalArgumentException.class, executable).getMessage();
    }

    private static TableSpecs specs(TrimSpec trim, TableStorage storage) {
        Integer every = trim == null ? null : 5;
        WidthsSpec widths = new WidthsSpec(NARROW, THRESHOLD);
        TableSpec spec = new TableSpec(null, null, null, trim, every, null, null, storage, null, widths);
        return new TableSpecs(Map.of("t", spec), MemoryBound.none());
    }

    /// With a default row that learns.
    private static EmbeddingSpec shared() {
        return new EmbeddingSpec.RowWiseAdagrad(null, null, null, null, null, null, 0.1);
    }

    private static EmbeddingTables open(TableSpecs specs, Path base, Path... increments) throws IOException {
        return EmbeddingTables.open(base, List.of(increments), FIELDS, shared(), specs, SEED, 2);
    }

    private static void train(EmbeddingTables tables, int from, int to) {
        for (int step = from; step <= to; step++) {
            SplittableRandom random = new SplittableRandom(step);
            Batch batch = Batches.random(random, 2, 80, random.nextBoolean() ? 100 : 2000);
            tables.gather(batch, buffer(80 * tables.width()), true);
            tables.update(gradient(step, 80), 1, step);
            tables.evict(false, Instant.ofEpochSecond(step));
        }
    }

    private static FloatBuffer gradient(int step, int rowCount) {
        return buffer(Batches.gradient(new SplittableRandom(step), rowCount, 2 * WIDE));
    }

    private static void assertSameScores(EmbeddingTables one, EmbeddingTables other) {
        Batch batch = Batches.random(new SplittableRandom(99), 2, 200, 2000);
        FloatBuffer expected = buffer(200 * one.width());
        FloatBuffer found = buffer(200 * one.width());
        one.gather(batch, expected, false);
        other.gather(batch, found, false);
        assertArrayEquals(array(expected), array(found));
    }

    /// Rows of up to 3 keys of both fields, rare ones among them.
    private static long[][][] keys(SplittableRandom random, int rowCount) {
        long[][][] keys = new long[2][rowCount][];
        for (long[][] field : keys) {
            for (int b = 0; b < rowCount; b++) {
                field[b] = new long[random.nextInt(4)];
                for (int i = 0; i < field[b].length; i++) {
                    field[b][i] = 1L + random.nextInt(random.nextBoolean() ? 15 : 1000);
                }
            }
        }
        return keys;
    }

    private static long[][][] only(long[][][] keys, Set<Long> those) {
        long[][][] others = new long[keys.length][][];
        for (int f = 0; f < keys.length; f++) {
            others[f] = new long[keys[f].length][];
            for (int b = 0; b < keys[f].length; b++) {
                others[f][b] = keys[f][b].clone();
                for (int i = 0; i < others[f][b].length; i++) {
                    others[f][b][i] = those.contains(keys[f][b][i]) ? keys[f][b][i] : 0;
                }
            }
        }
        return others;
    }

    /// Of both fields.
    private static double[][] columns(double[][] gradient, int from, int to) {
        double[][] some = new double[gradient.length][2 * (to - from)];
        for (int b = 0; b < some.length; b++) {
            System.arraycopy(gradient[b], from, some[b], 0, to - from);
            System.arraycopy(gradient[b], WIDE + from, some[b], to - from, to - from);
        }
        return some;
    }

    private static void assertRows(double[][] first, double[][] further, FloatBuffer found) {
        for (int b = 0; b < first.length; b++) {
            for (int j = 0; j < 2 * WIDE; j++) {
                int column = j % WIDE;
                int rest = WIDE - NARROW;
                double expected = column < NARROW
                        ? first[b][j / WIDE * NARROW + column]
                        : further[b][j / WIDE * rest + column - NARROW];
                assertEquals(expected, found.get(b * 2 * WIDE + j), 1e-4 * Math.max(1, Math.abs(expected)));
            }
        }
    }
}
