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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tables written for looking up alone, in fewer bits than they learned in.
class ServingFileTest {

    private static final long SEED = 41;
    private static final int D = 21;
    private static final List<Field> FIELDS =
            List.of(field("f", "t", D, Pooling.SUM), field("g", "u", 2, Pooling.MEAN));
    private static final int WIDTH = D + 2;
    private static final EmbeddingSpec SPEC =
            new EmbeddingSpec.Adagrad(0.1, null, null, null, null, 0.5, 0.1); // the default row learns

    @TempDir
    Path folder;

    private Path serving;

    @BeforeEach
    void makeFolder() throws IOException {
        serving = Files.createDirectory(folder.resolve("serving"));
    }

    @ParameterizedTest
    @EnumSource(Storage.class)
    void eachWeightIsWithinTheBoundOfItsStorage(Storage storage) throws IOException {
        try (EmbeddingTables tables = trained(specs(TableStorage.FLOAT32, null))) {
            tables.write(serving, storage);
            EmbeddingTable live = tables.tables().getFirst();
            try (FrozenTables frozen = FrozenTables.open(serving, FIELDS)) {
                frozen.verify();
                FrozenTable table = frozen.tables().getFirst();
                assertEquals(storage, table.storage());
                assertEquals(live.rowCount(), table.rowCount());
                live.forEachRow((key, weights) -> {
                    float[] exact = array(weights);
                    float[] stored = array(table.weights(key));
                    double scale = range(exact) / 255;
                    for (int j = 0; j < D; j++) {
                        double bound = switch (storage) {
                            case FLOAT32 -> 0;
                            // half a step of 8 or 11 significant bits, or of 2^-24
                            case BFLOAT16 -> Math.ulp(exact[j]) * 0x1p15;
                            case FLOAT16 -> Math.max(Math.ulp(exact[j]) * 0x1p12, 0x1p-25);
                            case INT8 -> scale / 2 * (1 + 1e-6) + Math.ulp(exact[j]);
                        };
                        assertEquals(exact[j], stored[j], bound, storage + " of " + key);
                    }
                });
            }
        }
    }

    @Test
    void int8IsItsFormulaAndTakesItsBytes() throws IOException {
        try (EmbeddingTables tables = trained(specs(TableStorage.FLOAT32, null))) {
            Path wide = Files.createDirectory(folder.resolve("wide"));
            tables.write(wide, Storage.FLOAT32);
            tables.write(serving, Storage.INT8);
            long rowCount = tables.tables().getFirst().lastRow() + 1L;
            long saved = Files.size(wide.resolve("t.rows")) - Files.size(serving.resolve("t.rows"));
            long perRow = 4L * D - (8 + 24); // 21 bytes are padded to 24
            assertEquals(
                    (double) (perRow * rowCount),
                    (double) saved,
                    128.0 * (1 + rowCount / Slabs.SLAB_ROWS),
                    "but for padding of blocks");
            EmbeddingTable live = tables.tables().getFirst();
            float[] exact = array(live.weights(5));
            try (FrozenTables frozen = FrozenTables.open(serving, FIELDS)) {
                float[] stored = array(frozen.tables().getFirst().content().weights(5));
                float least = Float.MAX_VALUE;
                float most = -Float.MAX_VALUE;
                for (float weight : exact) {
                    least = Math.min(least, weight);
                    most = Math.max(most, weight);
                }
                float scale = (float) (((double) most - least) / 255);
                for (int j = 0; j < D; j++) {
                    assertEquals(least + scale * Math.round((exact[j] - least) / scale), stored[j], 1e-6);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(HashingSpec.Combine.class)
    void theMapIsGatheredFromRowByRowPooledAndComposed(HashingSpec.Combine combine) throws IOException {
        HashingSpec hashing = new HashingSpec.QuotientRemainder(50, combine);
        try (EmbeddingTables tables = trained(specs(TableStorage.FLOAT32, hashing))) {
            tables.write(serving, Storage.INT8);
            Batch batch = Batches.random(new SplittableRandom(3), 2, 40, 6000);
            try (FrozenTables frozen = FrozenTables.open(serving, FIELDS)) {
                FloatBuffer leaf = buffer(40 * WIDTH);
                frozen.gather(batch, leaf);
                FrozenTable table = frozen.tables().getFirst();
                int[] offsets = batch.fields().getFirst().offsets();
                for (int b = 0; b < 40; b++) {
                    double[] sum = new double[D];
                    for (int at = offsets[b]; at < offsets[b + 1]; at++) {
                        float[] weights =
                                array(table.weights(batch.fields().getFirst().keys()[at]));
                        for (int j = 0; j < D; j++) {
                            sum[j] += weights[j];
                        }
                    }
                    for (int j = 0; j < D; j++) {
                        assertEquals(sum[j], leaf.get(b * WIDTH + j), 1e-5);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Storage.class)
    void aFileGivesWhatItsTableGives(Storage storage) throws IOException {
        Path again = Files.createDirectory(folder.resolve("again"));
        Path third = Files.createDirectory(folder.resolve("third"));
        try (EmbeddingTables tables = trained(specs(TableStorage.BFLOAT16, null))) {
            tables.write(serving, storage);
            tables.write(folder, true);
        }
        try (FrozenTables frozen = FrozenTables.open(folder, FIELDS)) {
            frozen.write(again, storage);
        }
        assertEquals(-1, Files.mismatch(serving.resolve("t.rows"), again.resolve("t.rows")));
        try (FrozenTables frozen = FrozenTables.open(again, FIELDS)) {
            frozen.write(third, storage); // nothing is lost twice
        }
        assertEquals(-1, Files.mismatch(serving.resolve("t.rows"), third.resolve("t.rows")));
    }

    @Test
    void aRowOfEqualWeightsIsExactInInt8() throws IOException {
        try (EmbeddingTables tables = new EmbeddingTables(FIELDS, SPEC, SEED, 1)) {
            float[] weights = new float[D];
            Arrays.fill(weights, 0.1f);
            tables.tables().getFirst().put(7, FloatBuffer.wrap(weights));
            tables.write(serving, Storage.INT8);
            try (FrozenTables frozen = FrozenTables.open(serving, FIELDS)) {
                assertArrayEquals(weights, array(frozen.tables().getFirst().weights(7)));
                assertArrayEquals(new float[D], array(frozen.tables().getFirst().weights(8)));
            }
        }
    }

    @Test
    void rowsInInt8DoNotLearnOn() throws IOException {
        try (EmbeddingTables tables = trained(specs(TableStorage.FLOAT32, null))) {
            tables.write(serving, Storage.INT8);
        }
        InputException refusal =
                assertThrows(InputException.class, () -> EmbeddingTables.open(serving, FIELDS, SPEC, SEED, 1));
        assertEquals(serving.resolve("t.rows") + ": storage: expected float32, found int8", refusal.getMessage());
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, -Float.MAX_VALUE})
    void aWeightThatInt8CannotHoldIsRefusedAndLeavesNoFile(float weight) throws IOException {
        try (EmbeddingTables tables = new EmbeddingTables(FIELDS, SPEC, SEED, 1)) {
            float[] weights = new float[D];
            weights[3] = Float.MAX_VALUE;
            weights[4] = weight;
            tables.tables().getFirst().put(7, FloatBuffer.wrap(weights));
            String message = assertThrows(InputException.class, () -> tables.write(serving, Storage.INT8))
                    .getMessage();
            assertEquals(
                    "table 't': row 1: expected finite weights no further apart than a float reaches, found others",
                    message);
            try (Stream<Path> files = Files.list(serving)) {
                assertEquals(0, files.count());
            }
            tables.write(serving, Storage.FLOAT16);
            assertTrue(Files.exists(serving.resolve("t.rows")));
        }
    }

    private static double range(float[] weights) {
        double least = Double.MAX_VALUE;
        double most = -Double.MAX_VALUE;
        for (float weight : weights) {
            least = Math.min(least, weight);
            most = Math.max(most, weight);
        }
        return most - least;
    }

    private static TableSpecs specs(TableStorage storage, HashingSpec hashing) {
        TableSpec spec = new TableSpec(null, null, null, null, null, null, null, null, hashing);
        return new TableSpecs(Map.of("t", spec), MemoryBound.none(), storage);
    }

    private static EmbeddingTables trained(TableSpecs specs) {
        EmbeddingTables tables = new EmbeddingTables(FIELDS, SPEC, specs, SEED, 2);
        for (int step = 1; step <= 3; step++) {
            SplittableRandom random = new SplittableRandom(step);
            tables.gather(Batches.random(random, 2, 3000, 5000), buffer(3000 * WIDTH), true);
            tables.update(buffer(Batches.gradient(random, 3000, WIDTH)), 1, step);
        }
        return tables;
    }
}
