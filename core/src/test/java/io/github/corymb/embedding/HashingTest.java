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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Tables of a fixed size, whose keys share rows.
class HashingTest {

    private static final long SEED = 31;
    private static final int D = 3;
    private static final List<Field> FIELDS =
            List.of(field("sum", "t", D, Pooling.SUM), field("mean", "t", D, Pooling.MEAN));
    private static final int WIDTH = 2 * D;
    private static final EmbeddingSpec SGD = new EmbeddingSpec.Sgd(1.0, null, null, null, null, 0.5, null);
    private static final EmbeddingSpec ADAM = new EmbeddingSpec.Adam(0.01, null, null, null, 1e-3, null, 0.1, 0.5, 0.1);

    @TempDir
    Path folder;

    static Stream<HashingSpec> hashings() {
        return Stream.of(
                new HashingSpec.HashTrick(20),
                new HashingSpec.QuotientRemainder(9, HashingSpec.Combine.ADD),
                new HashingSpec.QuotientRemainder(9, HashingSpec.Combine.MULTIPLY));
    }

    @Test
    void bucketsAreTakenEvenly() {
        int rows = 64;
        int keyCount = 64_000;
        Hashing trick = Hashing.of(new HashingSpec.HashTrick(rows));
        Map<Long, Integer> counts = new HashMap<>();
        for (int i = 1; i <= keyCount; i++) {
            long bucket = trick.first(i);
            assertTrue(bucket >= 1 && bucket <= rows);
            counts.merge(bucket, 1, Integer::sum);
        }
        assertEquals(rows, counts.size());
        double mean = keyCount / (double) rows;
        counts.values().forEach(count -> assertEquals(mean, count, 5 * Math.sqrt(mean)));
    }

    @Test
    void quotientAndRemainderTellAlmostAllKeysApart() {
        int keyCount = 20_000;
        Hashing pair = Hashing.of(new HashingSpec.QuotientRemainder(2001, null));
        Set<List<Long>> pairs = new HashSet<>();
        Set<Long> singles = new HashSet<>();
        for (int i = 1; i <= keyCount; i++) {
            long first = pair.first(i);
            long second = pair.second(i);
            assertTrue(first >= 1 && first <= 1001 && second > 1001 && second <= 2001, first + " " + second);
            pairs.add(List.of(first, second));
            singles.add(first);
        }
        assertEquals(1001, singles.size());
        double numbers = 1001.0 * 1000; // R Q
        double expected = numbers * (1 - Math.pow(1 - 1 / numbers, keyCount));
        assertEquals(expected, pairs.size(), 5 * Math.sqrt(keyCount - expected));
        assertEquals(0, pair.first(EmbeddingTable.DEFAULT_KEY));
        assertEquals(0, pair.second(EmbeddingTable.DEFAULT_KEY));
    }

    @Test
    void theHashTrickIsATableOfBuckets() {
        HashingSpec spec = new HashingSpec.HashTrick(20);
        Hashing hashing = Hashing.of(spec);
        try (EmbeddingTables hashed = tables(ADAM, spec, RowKernel.best(), 1);
                EmbeddingTables plain = tables(ADAM, null, RowKernel.best(), 1)) {
            for (int step = 1; step <= 3; step++) {
                SplittableRandom random = new SplittableRandom(step);
                Batch batch = Batches.random(random, 2, 30, 200);
                Batch buckets = Batches.random(new SplittableRandom(step), 2, 30, 200);
                buckets.fields().forEach(lists -> {
                    for (int at = 0; at < lists.keyCount(); at++) {
                        lists.keys()[at] = hashing.first(lists.keys()[at]);
                    }
                });
                assertArrayEquals(gather(plain, buckets, true), gather(hashed, batch, true));
                FloatBuffer gradient = buffer(Batches.gradient(random, 30, WIDTH));
                hashed.update(gradient, 1, step);
                plain.update(gradient, 1, step);
            }
            assertEquals(20, hashed.tables().getFirst().rowCount());
        }
    }

    /// z = a ⊙ b, so the row a that two keys share moves by both gradients times their own b.
    @Test
    void aSharedRemainderMovesByTheProductRule() {
        HashingSpec spec = new HashingSpec.QuotientRemainder(4, HashingSpec.Combine.MULTIPLY);
        Hashing hashing = Hashing.of(spec);
        long key = 1;
        long other = 2;
        while (hashing.first(other) != hashing.first(key) || hashing.second(other) == hashing.second(key)) {
            other++;
        }
        try (EmbeddingTables tables = tables(SGD, spec, RowKernel.best(), 1)) {
            float[] leaf = gather(tables, Batches.of(new long[][][] {{{key, other}}, {{other, other}}}), true);
            EmbeddingTable table = tables.tables().getFirst();
            float[] a = row(table, hashing.first(key));
            float[] b = row(table, hashing.second(key));
            float[] c = row(table, hashing.second(other));
            float[] g = {1, 2, 3, 4, 5, 6};
            tables.update(buffer(g), 1, 1);
            for (int j = 0; j < D; j++) {
                assertEquals(a[j] * b[j] + a[j] * c[j], leaf[j], 1e-6);
                assertEquals((a[j] * c[j] + a[j] * c[j]) / 2, leaf[D + j], 1e-6);
                // the mean of twice the same key gives its whole gradient
                float newA = a[j] - (g[j] * b[j] + g[j] * c[j] + g[D + j] * c[j]);
                assertEquals(newA, row(table, hashing.first(key))[j], 1e-5);
                assertEquals(b[j] - g[j] * a[j], row(table, hashing.second(key))[j], 1e-5);
                assertEquals(c[j] - (g[j] + g[D + j]) * a[j], row(table, hashing.second(other))[j], 1e-5);
                assertEquals(initial(1, hashing.second(key), j), b[j], "rows of quotients begin around 1");
                assertEquals(initial(0, hashing.first(key), j), a[j], "rows of remainders begin around 0");
            }
        }
    }

    /// The loss Σ c ⊙ leaf is linear in each single weight, so a difference of any width is its gradient.
    @ParameterizedTest
    @MethodSource("hashings")
    void gradientsAreFiniteDifferences(HashingSpec spec) {
        SplittableRandom random = new SplittableRandom(4);
        Batch batch = Batches.random(random, 2, 12, 25);
        double[][] c = Batches.gradient(random, 12, WIDTH);
        try (EmbeddingTables tables = tables(SGD, spec, RowKernel.best(), 1);
                EmbeddingTables moved = tables(SGD, spec, RowKernel.best(), 1)) {
            gather(tables, batch, true);
            gather(moved, batch, true);
            moved.update(buffer(c), 1, 1);
            TableContent content = tables.tables().getFirst().content();
            int rowCount = tables.tables().getFirst().rowCount();
            assertTrue(rowCount > spec.rows() / 2, "rows are shared");
            for (int row = 1; row <= rowCount; row++) {
                for (int j = 0; j < D; j++) {
                    long at = content.rows().at(row) + 4L * j;
                    float weight = Native.getFloat(at);
                    Native.putFloat(at, weight + 0.5f);
                    double above = loss(c, gather(tables, batch, false));
                    Native.putFloat(at, weight - 0.5f);
                    double below = loss(c, gather(tables, batch, false));
                    Native.putFloat(at, weight);
                    float found =
                            weight - moved.tables().getFirst().weights(row).get(j);
                    assertEquals(above - below, found, 1e-4 * Math.max(1, Math.abs(found)));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("hashings")
    void kernelsAndThreadsShowInNoBit(HashingSpec spec) throws IOException {
        try (EmbeddingTables plain = tables(ADAM, large(spec), new PlainKernel(), 1);
                EmbeddingTables vectors = tables(ADAM, large(spec), new VectorKernel(), 3)) {
            train(plain, 1, 4);
            train(vectors, 1, 4);
            WrittenTables.assertSame(plain, vectors, "t.rows", folder);
        }
    }

    @ParameterizedTest
    @MethodSource("hashings")
    void theTableStaysInItsSizeAndIsReadBackToTheBit(HashingSpec spec) throws IOException {
        Path increment = Files.createDirectory(folder.resolve("increment"));
        Path one = Files.createDirectory(folder.resolve("one"));
        Path other = Files.createDirectory(folder.resolve("other"));
        try (EmbeddingTables whole = tables(ADAM, spec, RowKernel.best(), 2)) {
            train(whole, 1, 3);
            whole.write(folder, true);
            train(whole, 4, 5);
            whole.writeIncrement(increment, 3);
            assertEquals(spec.rows(), whole.tables().getFirst().rowCount(), "3,000 lookups of 5,000 keys");
            whole.write(one, true);
            try (EmbeddingTables resumed = open(List.of(increment), spec)) {
                resumed.write(other, false);
                assertEquals(whole.step(), resumed.step());
            }
            try (FrozenTables frozen = FrozenTables.open(one, FIELDS);
                    FrozenTables laid = FrozenTables.open(other, FIELDS)) {
                frozen.verify();
                Batch batch = Batches.random(new SplittableRandom(9), 2, 40, 9000);
                float[] expected = gather(whole, batch, false);
                for (FrozenTables each : List.of(frozen, laid)) {
                    FloatBuffer leaf = buffer(40 * WIDTH);
                    each.gather(batch, leaf);
                    assertArrayEquals(expected, array(leaf));
                    assertEquals(
                            Hashing.of(spec).toString(),
                            each.tables().getFirst().hashing());
                }
                Batch single = Batches.of(new long[][][] {{{Mix.mix(77)}}, {{}}});
                float[] leaf = gather(whole, single, false);
                float[] weights = array(frozen.tables().getFirst().weights(Mix.mix(77)));
                for (int j = 0; j < D; j++) {
                    assertEquals(leaf[j], weights[j]);
                }
            }
        }
    }

    @Test
    void aKeyWithOneOfTwoRowsIsUnknown() {
        HashingSpec spec = new HashingSpec.QuotientRemainder(2000, HashingSpec.Combine.ADD);
        Hashing hashing = Hashing.of(spec);
        long other = 2;
        while (hashing.first(other) != hashing.first(1)) {
            other++;
        }
        try (EmbeddingTables tables = tables(SGD, spec, RowKernel.best(), 1)) {
            gather(tables, Batches.of(new long[][][] {{{1}}, {{}}}), true);
            float[] leaf = gather(tables, Batches.of(new long[][][] {{{other}}, {{}}}), false);
            assertArrayEquals(new float[WIDTH], leaf);
            assertEquals(1, tables.unknownCount());
        }
    }

    @Test
    void aTableOfAnotherHashingIsRefusedByName() throws IOException {
        try (EmbeddingTables tables = tables(ADAM, new HashingSpec.HashTrick(20), RowKernel.best(), 1)) {
            train(tables, 1, 1);
            tables.write(folder, true);
        }
        InputException refusal = assertThrows(InputException.class, () -> open(List.of(), null));
        assertEquals(
                folder.resolve("t.rows") + ": hashing: expected none, found hash_trick of 20 rows",
                refusal.getMessage());
    }

    @Test
    void whatNeedsKeysIsRefusedBesideHashing() {
        HashingSpec trick = new HashingSpec.HashTrick(20);
        AdmissionSpec admission = new AdmissionSpec.Probability(3);
        assertRefused(
                "hashing: expected no admission beside it, ",
                () -> new TableSpec(null, admission, null, null, null, null, null, null, trick));
        ExpirySpec expiry = new ExpirySpec(3L, null);
        assertRefused(
                "hashing: expected no expiry beside it, ",
                () -> new TableSpec(null, null, expiry, null, null, null, null, null, trick));
        TrimSpec trim = new TrimSpec(3L, null);
        assertRefused(
                "hashing: expected no trim beside it, ",
                () -> new TableSpec(null, null, null, trim, null, null, null, null, trick));
        assertRefused(
                "hashing: expected no initial beside it, ",
                () -> new TableSpec(null, null, null, null, null, Path.of("rows"), null, null, trick));
        assertRefused("rows: expected from 1 to 1,073,741,824, found 0", () -> new HashingSpec.HashTrick(0));
        assertRefused("rows: expected from 2 to ", () -> new HashingSpec.QuotientRemainder(1, null));
        assertRefused("rows: expected from 1 to 1,073,741,824, found none", () -> new HashingSpec.HashTrick(null));
    }

    private static void assertRefused(String start, Executable given) {
        String message = assertThrows(IllegalArgumentException.class, given).getMessage();
        assertTrue(message.startsWith(start), message);
    }

    private static HashingSpec large(HashingSpec spec) {
        return switch (spec) {
            case HashingSpec.HashTrick _ -> new HashingSpec.HashTrick(3000);
            case HashingSpec.QuotientRemainder pair -> new HashingSpec.QuotientRemainder(3000, pair.combine());
        };
    }

    /// What a number of a new bucket's row is.
    private static float initial(int mean, long bucket, int column) {
        return mean + InitialWeights.weight(Mix.mix(SEED, "t"), bucket, column, 0.5);
    }

    private static TableSpecs specs(HashingSpec hashing) {
        TableSpec spec = new TableSpec(null, null, null, null, null, null, null, null, hashing);
        return new TableSpecs(Map.of("t", spec), MemoryBound.none());
    }

    private static EmbeddingTables tables(EmbeddingSpec spec, HashingSpec hashing, RowKernel kernel, int threads) {
        return new EmbeddingTables(
                FieldLayout.of(FIELDS),
                spec,
                SEED,
                0,
                EmbeddingTables.empty(FIELDS, spec, specs(hashing), SEED),
                kernel,
                threads);
    }

    private EmbeddingTables open(List<Path> increments, HashingSpec hashing) throws IOException {
        return EmbeddingTables.open(folder, increments, FIELDS, ADAM, specs(hashing), SEED, 2);
    }

    private static void train(EmbeddingTables tables, int from, int to) {
        for (int step = from; step <= to; step++) {
            SplittableRandom random = new SplittableRandom(step);
            Batch batch = Batches.random(random, 2, 3000, 5000);
            gather(tables, batch, true);
            gather(tables, Batches.random(random, 2, 10, 7000), false); // between a step's two halves
            tables.update(buffer(Batches.gradient(random, 3000, WIDTH)), 1, step);
        }
    }

    private static float[] gather(EmbeddingTables tables, Batch batch, boolean training) {
        FloatBuffer leaf = buffer(batch.rowCount() * WIDTH);
        tables.gather(batch, leaf, training);
        return array(leaf);
    }

    private static float[] row(EmbeddingTable table, long bucket) {
        return array(table.weights(table.row(bucket, false))).clone();
    }

    private static double loss(double[][] c, float[] leaf) {
        double sum = 0;
        for (int at = 0; at < leaf.length; at++) {
            sum += c[at / WIDTH][at % WIDTH] * leaf[at];
        }
        return sum;
    }
}
