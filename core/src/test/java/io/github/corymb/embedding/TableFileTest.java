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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TableFileTest {

    private static final long SEED = 11;
    private static final List<Field> FIELDS =
            List.of(field("item", "item id", 5, Pooling.SUM), field("history", "item id", 5, Pooling.MEAN));
    private static final List<Field> USER = List.of(field("user", "user", 1, Pooling.SUM));

    @TempDir
    Path folder;

    static Stream<EmbeddingSpec> specs() {
        return Stream.of(
                new EmbeddingSpec.RowWiseAdagrad(null, null, null, null, null, null, 0.1),
                new EmbeddingSpec.Adagrad(null, null, 1e-3, null, null, null, null),
                new EmbeddingSpec.Sgd(null, null, null, null, null, null, null),
                new EmbeddingSpec.Adam(null, null, null, null, null, null, null, null, 0.2));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void tablesReadBackGoOnToTheBit(EmbeddingSpec spec) throws IOException {
        try (EmbeddingTables whole = new EmbeddingTables(FIELDS, spec, SEED, 1)) {
            train(whole, 1, 4);
            whole.write(folder, true);
            train(whole, 5, 8);
            try (EmbeddingTables resumed = EmbeddingTables.open(folder, FIELDS, spec, SEED, 1)) {
                assertEquals(4, resumed.step());
                train(resumed, 5, 8);
                WrittenTables.assertSame(whole, resumed, "item+id.rows", folder);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void frozenTablesGatherTheSame(EmbeddingSpec spec) throws IOException {
        try (EmbeddingTables tables = new EmbeddingTables(FIELDS, spec, SEED, 1)) {
            train(tables, 1, 3);
            Batch batch = batch(99);
            FloatBuffer expected = buffer(batch.rowCount() * tables.width());
            tables.gather(batch, expected, false);
            for (boolean withState : new boolean[] {true, false}) {
                tables.write(folder, withState);
                try (FrozenTables frozen = FrozenTables.open(folder, FIELDS)) {
                    frozen.verify();
                    FloatBuffer leaf = buffer(batch.rowCount() * frozen.width());
                    frozen.gather(batch, leaf);
                    assertArrayEquals(array(expected), array(leaf));
                    assertEquals(tables.unknownCount(), frozen.unknownCount());
                    assertTrue(frozen.unknownCount() > 0);
                    FrozenTable table = frozen.tables().getFirst();
                    assertEquals(tables.tables().getFirst().rowCount(), table.rowCount());
                    assertEquals(tables.tables().getFirst().loadFigures(), table.loadFigures());
                }
            }
        }
    }

    @Test
    void withoutStateAnotherOptimizerMayGoOn() throws IOException {
        try (EmbeddingTables tables = new EmbeddingTables(FIELDS, EmbeddingSpec.standard(), SEED, 1)) {
            train(tables, 1, 3);
            tables.write(folder, false);
            EmbeddingSpec sgd = new EmbeddingSpec.Sgd(null, null, null, null, null, null, null);
            try (EmbeddingTables others = EmbeddingTables.open(folder, FIELDS, sgd, SEED, 1)) {
                EmbeddingTable table = tables.tables().getFirst();
                EmbeddingTable other = others.tables().getFirst();
                table.forEachRow((key, weights) ->
                        assertArrayEquals(array(weights), array(other.weights(other.row(key, false)))));
                train(others, 4, 5);
            }
        }
    }

    @Test
    void theFileOfAnotherTableOptimizerSeedOrDimensionIsRefused() throws IOException {
        EmbeddingSpec spec = EmbeddingSpec.standard();
        writeUser(spec);
        Path file = folder.resolve("user.rows");
        assertRefused(
                file + ": expected dimension 2, found 1",
                () -> FrozenTables.open(folder, List.of(field("user", "user", 2, Pooling.SUM))));
        assertRefused(
                file + ": expected the seed of this experiment, found another",
                () -> EmbeddingTables.open(folder, USER, spec, SEED + 1, 1));
        assertRefused(
                file + ": expected the state of optimizer 'sgd', found 'adagrad'",
                () -> EmbeddingTables.open(
                        folder, USER, new EmbeddingSpec.Sgd(null, null, null, null, null, null, null), SEED, 1));
        assertRefused(
                folder.resolve("item.rows") + ": expected an embedding table, found no file",
                () -> FrozenTables.open(folder, List.of(field("item", "item", 2, Pooling.SUM))));
        Files.move(file, folder.resolve("item.rows"));
        assertRefused(
                folder.resolve("item.rows") + ": expected table 'item', found 'user'",
                () -> FrozenTables.open(folder, List.of(field("item", "item", 1, Pooling.SUM))));
    }

    @Test
    void aFileCutShortOrMadeLongerIsRefusedByItsSize() throws IOException {
        byte[] whole = writeUser(EmbeddingSpec.standard());
        Path file = folder.resolve("user.rows");
        for (int size = 0; size < whole.length; size += size < 300 ? 1 : 4001) {
            Files.write(file, Arrays.copyOf(whole, size));
            String message = assertThrows(InputException.class, () -> FrozenTables.open(folder, USER))
                    .getMessage();
            assertTrue(message.startsWith(file + ": expected "), message);
            assertTrue(message.endsWith(" bytes, found %,d".formatted(size)), message);
        }
        Files.write(file, Arrays.copyOf(whole, whole.length + 1));
        assertRefused(
                "%s: expected %,d bytes, found %,d".formatted(file, whole.length, whole.length + 1),
                () -> FrozenTables.open(folder, USER));
    }

    @Test
    void everyAlteredByteIsFound() throws IOException {
        EmbeddingSpec spec = EmbeddingSpec.standard();
        byte[] whole = writeUser(spec);
        Path file = folder.resolve("user.rows");
        for (int at = 0; at < whole.length; at += at < 256 || at > whole.length - 128 ? 1 : 1009) {
            byte[] altered = whole.clone();
            altered[at] ^= (byte) (1 << at % 8);
            Files.write(file, altered);
            String message = assertThrows(
                            InputException.class,
                            () -> EmbeddingTables.open(folder, USER, spec, SEED, 1)
                                    .close(),
                            "byte " + at)
                    .getMessage();
            assertTrue(message.startsWith(file + ": expected "), message);
            assertThrows(InputException.class, () -> {
                try (FrozenTables frozen = FrozenTables.open(folder, USER)) {
                    frozen.verify();
                }
            });
        }
    }

    @Test
    void aForeignFileAndAnotherVersionAreNamed() throws IOException {
        byte[] whole = writeUser(EmbeddingSpec.standard());
        Path file = folder.resolve("user.rows");
        Files.writeString(file, "key,weight\n".repeat(100));
        assertRefused(
                file + ": expected an embedding table of Corymb, found another kind of file",
                () -> FrozenTables.open(folder, USER));
        byte[] newer = whole.clone();
        ByteBuffer.wrap(newer).order(ByteOrder.nativeOrder()).putInt(8, 1);
        Files.write(file, newer);
        assertRefused(file + ": expected format version 3, found 1", () -> FrozenTables.open(folder, USER));
    }

    @Test
    void aFailedWriteLeavesTheLastFileAndNothingBesides() throws IOException {
        byte[] whole = writeUser(EmbeddingSpec.standard());
        EmbeddingTables tables = new EmbeddingTables(USER, EmbeddingSpec.standard(), SEED, 1);
        tables.close();
        assertThrows(IllegalStateException.class, () -> tables.write(folder, true)); // its memory is gone
        assertArrayEquals(whole, Files.readAllBytes(folder.resolve("user.rows")));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
    }

    private interface Opening {
        AutoCloseable open() throws IOException;
    }

    private static void assertRefused(String message, Opening opening) {
        assertEquals(message, assertThrows(InputException.class, opening::open).getMessage());
    }

    private byte[] writeUser(EmbeddingSpec spec) throws IOException {
        try (EmbeddingTables tables = new EmbeddingTables(USER, spec, SEED, 1)) {
            tables.gather(Batches.of(new long[][] {{5}, {6}, {7}}), buffer(3), true);
            tables.update(buffer(1f, 2f, 3f), 1, 1);
            tables.write(folder, true);
        }
        return Files.readAllBytes(folder.resolve("user.rows"));
    }

    /// Rows of two fields, with keys enough that the index has several pages.
    private static Batch batch(int step) {
        SplittableRandom random = new SplittableRandom(step);
        int rowCount = 700;
        long[][][] keys = new long[2][rowCount][];
        for (int b = 0; b < rowCount; b++) {
            keys[0][b] = new long[] {Mix.mix(1 + random.nextInt(20_000))};
            keys[1][b] =
                    random.longs(random.nextInt(6), 1, 20_000).map(Mix::mix).toArray();
        }
        return Batches.of(keys);
    }

    private static void train(EmbeddingTables tables, int first, int last) {
        for (int step = first; step <= last; step++) {
            Batch batch = batch(step);
            FloatBuffer leaf = buffer(batch.rowCount() * tables.width());
            tables.gather(batch, leaf, true);
            SplittableRandom random = new SplittableRandom(~step);
            tables.update(buffer(Batches.gradient(random, batch.rowCount(), tables.width())), 1, step);
        }
    }
}
