package io.github.corymb.embedding;

import static io.github.corymb.embedding.Batches.array;
import static io.github.corymb.embedding.Batches.buffer;
import static io.github.corymb.embedding.Batches.field;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.corymb.feature.Batch;
import io.github.corymb.feature.Field;
import io.github.corymb.feature.InputException;
import io.github.corymb.feature.Pooling;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Tables whose rows are stored in fewer bits than they are computed in.
class StorageTest {

    private static final long SEED = 21;
    private static final List<Field> FIELDS =
            List.of(field("f", "t", 11, Pooling.SUM), field("g", "u", 8, Pooling.MEAN));
    private static final EmbeddingSpec ADAM =
            new EmbeddingSpec.Adam(0.01, null, null, null, 1e-3, null, 0.1, null, 0.05);

    @TempDir
    Path folder;

    @Test
    void aRowTakesTheBytesOfItsStorageAndItsState() {
        assertEquals(16 * 4 + 4, new RowLayout(16, Storage.FLOAT32, 1).rowSize());
        assertEquals(16 * 2 + 4, new RowLayout(16, Storage.BFLOAT16, 1).rowSize());
        assertEquals(16 * 2 + 4, new RowLayout(16, Storage.FLOAT16, 1).rowSize());
        assertEquals(8 + 16, new RowLayout(16, Storage.INT8, 0).rowSize());
        assertEquals(4 + 4, new RowLayout(1, Storage.BFLOAT16, 1).rowSize(), "padded, so that floats follow");
        long wide = sizeOf(Storage.FLOAT32);
        long narrow = sizeOf(Storage.BFLOAT16);
        assertEquals(16 * (4 - 2) * 10 * Slabs.SLAB_ROWS, wide - narrow);
    }

    @ParameterizedTest
    @EnumSource(
            value = Storage.class,
            names = {"BFLOAT16", "FLOAT16"})
    void anUpdateIsComputedInFloatsAndRoundedByTheBitsOfItsKeyAndStep(Storage storage) {
        EmbeddingSpec sgd = new EmbeddingSpec.Sgd(0.5, null, null, null, null, null, null);
        long key = 99;
        try (EmbeddingTables tables = tables(sgd, storage, new PlainKernel(), 1)) {
            tables.gather(Batches.of(new long[][][] {{{key}}, {{}}}), buffer(19), true);
            float[] gradient = new float[19];
            Arrays.fill(gradient, 0.001f);
            EmbeddingTable table = tables.tables().getFirst();
            float[] before = array(table.weights(table.row(key, false)));
            tables.update(buffer(gradient), 1, 7);
            float[] after = array(table.weights(table.row(key, false)));
            long random = Mix.mix(Mix.mix(Mix.mix(Mix.mix(SEED, "t"), "rounding"), 7), key);
            for (int j = 0; j < 11; j++) {
                float exact = before[j] - 0.5f * 0.001f;
                int bits = RowCodec.random(random, j);
                float expected = storage == Storage.BFLOAT16
                        ? Float.intBitsToFloat(StoredNumber.bfloat16(exact, bits >>> 16) << 16)
                        : Float.float16ToFloat(StoredNumber.float16(exact, bits >>> 19));
                assertEquals(expected, after[j]);
                assertEquals(exact, after[j], 0x1p-8 * Math.abs(exact) + 0x1p-24, "no further than a step");
            }
        }
    }

    @Test
    void stepsMuchSmallerThanTheSpacingAreKeptOnAverage() {
        EmbeddingSpec sgd = new EmbeddingSpec.Sgd(1.0, null, null, null, null, 0.0, null);
        int stepCount = 800;
        int keyCount = 50;
        try (EmbeddingTables tables = tables(sgd, Storage.BFLOAT16, RowKernel.best(), 1)) {
            EmbeddingTable table = tables.tables().getFirst();
            float[] ones = new float[11];
            Arrays.fill(ones, 1f);
            long[][] keys = new long[keyCount][1];
            for (int b = 0; b < keyCount; b++) {
                keys[b][0] = b + 1L;
                table.put(b + 1L, FloatBuffer.wrap(ones));
            }
            float[] gradient = new float[19 * keyCount];
            Arrays.fill(gradient, -0x1p-7f / 32); // a 32nd of the spacing above 1
            for (int step = 1; step <= stepCount; step++) {
                tables.gather(Batches.of(new long[][][] {keys, new long[keyCount][0]}), buffer(19 * keyCount), true);
                tables.update(buffer(gradient), 1, step);
            }
            double mean = 0;
            for (int b = 1; b <= keyCount; b++) {
                for (float weight : array(table.weights(table.row(b, false)))) {
                    mean += weight / (11.0 * keyCount);
                }
            }
            double spacing = 0x1p-7;
            double error = 5 * spacing * Math.sqrt(stepCount / 32.0 / (11.0 * keyCount));
            assertEquals(1 + stepCount * spacing / 32, mean, error);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Storage.class,
            names = {"BFLOAT16", "FLOAT16"})
    void kernelsAndThreadsShowInNoBit(Storage storage) throws IOException {
        Path first = trained(storage, new PlainKernel(), 1);
        Path second = trained(storage, new VectorKernel(), 3);
        assertEquals(-1, Files.mismatch(first.resolve("t.rows"), second.resolve("t.rows")));
        assertEquals(-1, Files.mismatch(first.resolve("u.rows"), second.resolve("u.rows")));
    }

    @ParameterizedTest
    @EnumSource(
            value = Storage.class,
            names = {"BFLOAT16", "FLOAT16"})
    void tablesReadBackGoOnToTheBitAndFrozenOnesGatherTheSame(Storage storage) throws IOException {
        try (EmbeddingTables whole = tables(ADAM, storage, RowKernel.best(), 2)) {
            train(whole, 1, 4);
            whole.write(folder, true);
            Batch batch = Batches.random(new SplittableRandom(5), 2, 50);
            FloatBuffer live = buffer(50 * 19);
            whole.gather(batch, live, false);
            try (FrozenTables frozen = FrozenTables.open(folder, FIELDS)) {
                FloatBuffer leaf = buffer(50 * 19);
                frozen.gather(batch, leaf);
                assertArrayEquals(array(live), array(leaf));
                assertEquals(storage, frozen.tables().getFirst().storage());
                assertArrayEquals(
                        array(whole.tables().getFirst().weights(1)),
                        array(frozen.tables().getFirst().content().weights(1)));
            }
            train(whole, 5, 8);
            try (EmbeddingTables resumed = open(storage)) {
                train(resumed, 5, 8);
                WrittenTables.assertSame(whole, resumed, "t.rows", folder);
            }
        }
    }

    @Test
    void aTableOfAnotherStorageIsRefusedByName() throws IOException {
        try (EmbeddingTables tables = tables(ADAM, Storage.BFLOAT16, RowKernel.best(), 1)) {
            train(tables, 1, 2);
            tables.write(folder, true);
        }
        InputException refusal = assertThrows(InputException.class, () -> open(Storage.FLOAT32));
        assertEquals(folder.resolve("t.rows") + ": storage: expected float32, found bfloat16", refusal.getMessage());
    }

    @Test
    void aTablesOwnStorageComesBeforeThatOfAll() {
        TableSpec own = new TableSpec(null, null, null, null, null, null, null, TableStorage.FLOAT16, null);
        TableSpecs specs = new TableSpecs(Map.of("t", own), MemoryBound.none(), TableStorage.BFLOAT16);
        assertEquals(Storage.FLOAT16, specs.storage("t"));
        assertEquals(Storage.BFLOAT16, specs.storage("u"));
    }

    private Path trained(Storage storage, RowKernel kernel, int threads) throws IOException {
        Path target = Files.createDirectory(folder.resolve(kernel.getClass().getSimpleName()));
        try (EmbeddingTables tables = tables(ADAM, storage, kernel, threads)) {
            train(tables, 1, 6);
            tables.write(target, true);
        }
        return target;
    }

    private static long sizeOf(Storage storage) {
        TableSpecs specs = new TableSpecs(Map.of(), MemoryBound.none(), TableStorage.valueOf(storage.name()));
        try (EmbeddingTable table = new EmbeddingTable("t", 16, EmbeddingSpec.standard(), specs, SEED)) {
            for (int i = 1; i < 10 * Slabs.SLAB_ROWS; i++) {
                table.row(i, true);
            }
            assertEquals(storage, table.storage());
            return table.size();
        }
    }

    private static EmbeddingTables tables(EmbeddingSpec spec, Storage storage, RowKernel kernel, int threads) {
        TableSpecs specs = new TableSpecs(Map.of(), MemoryBound.none(), TableStorage.valueOf(storage.name()));
        return new EmbeddingTables(
                FieldLayout.of(FIELDS),
                spec,
                SEED,
                0,
                EmbeddingTables.empty(FIELDS, spec, specs, SEED),
                kernel,
                threads);
    }

    private EmbeddingTables open(Storage storage) throws IOException {
        TableSpecs specs = new TableSpecs(Map.of(), MemoryBound.none(), TableStorage.valueOf(storage.name()));
        return EmbeddingTables.open(folder, List.of(), FIELDS, ADAM, specs, SEED, 2);
    }

    private static void train(EmbeddingTables tables, int from, int to) {
        for (int step = from; step <= to; step++) {
            SplittableRandom random = new SplittableRandom(step);
            Batch batch = Batches.random(random, 2, 3000, 5000);
            tables.gather(batch, buffer(3000 * 19), true);
            tables.update(buffer(Batches.gradient(random, 3000, 19)), 1, step);
        }
    }
}
