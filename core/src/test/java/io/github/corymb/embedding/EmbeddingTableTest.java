package io.github.corymb.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.feature.Pooling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EmbeddingTableTest {

    private static final EmbeddingSpec SPEC = EmbeddingSpec.standard();

    @Test
    void initialRowsDoNotDependOnTheOrderOfArrival() {
        int count = 20_000;
        try (EmbeddingTable upwards = new EmbeddingTable("t", 5, SPEC, 1);
                EmbeddingTable downwards = new EmbeddingTable("t", 5, SPEC, 1)) {
            for (int i = 1; i <= count; i++) {
                upwards.row(i, true);
                downwards.row(count + 1 - i, true);
            }
            for (int i = 1; i <= count; i++) {
                assertArrayEquals(weights(upwards, i), weights(downwards, i));
            }
        }
    }

    @Test
    void seedTableKeyAndColumnAllChangeTheInitialWeights() {
        try (EmbeddingTable table = new EmbeddingTable("t", 2, SPEC, 1);
                EmbeddingTable otherSeed = new EmbeddingTable("t", 2, SPEC, 2);
                EmbeddingTable otherName = new EmbeddingTable("u", 2, SPEC, 1)) {
            float[] weights = weights(table, 5);
            assertFalse(Arrays.equals(weights, weights(otherSeed, 5)));
            assertFalse(Arrays.equals(weights, weights(otherName, 5)));
            assertFalse(Arrays.equals(weights, weights(table, 6)));
            assertTrue(weights[0] != weights[1]);
        }
    }

    @Test
    void initialWeightsHaveTheMomentsOfANormalWithTheGivenScale() {
        int count = 200_000;
        double scale = 0.05;
        double[] moments = new double[5];
        for (int i = 0; i < count; i++) {
            double z = InitialWeights.weight(3, Mix.mix(i), i % 7, scale) / scale;
            assertTrue(Math.abs(z) <= Math.sqrt(12));
            for (int power = 1; power <= 4; power++) {
                moments[power] += Math.pow(z, power) / count;
            }
        }
        double error = 5 / Math.sqrt(count); // five standard errors of a mean of variance 1
        assertEquals(0, moments[1], error);
        assertEquals(1, moments[2], error * Math.sqrt(2));
        assertEquals(0, moments[3], error * Math.sqrt(15));
        assertEquals(3 - 1.2 / 4, moments[4], error * Math.sqrt(96)); // a uniform has excess -1.2, a sum of 4 a quarter
    }

    @Test
    void aKeyWithoutARowTakesTheDefaultRowUnlessItIsInserted() {
        try (EmbeddingTable table = new EmbeddingTable("t", 2, SPEC, 1)) {
            assertEquals(EmbeddingTable.DEFAULT_ROW, table.row(5, false));
            assertEquals(0, table.rowCount());
            assertEquals(1, table.row(5, true));
            assertEquals(1, table.row(5, false));
            assertEquals(EmbeddingTable.DEFAULT_ROW, table.row(EmbeddingTable.DEFAULT_KEY, true));
            assertEquals(1, table.rowCount());
            assertEquals(0f, table.weights(EmbeddingTable.DEFAULT_ROW).get(1));
            assertThrows(IndexOutOfBoundsException.class, () -> table.weights(2));
            assertThrows(IllegalArgumentException.class, () -> new EmbeddingTable("t", 0, SPEC, 1));
            assertThrows(IllegalArgumentException.class, () -> new EmbeddingTable("t", 65_537, SPEC, 1));
        }
    }

    @Test
    void everyRowIsVisitedWithItsKeyDefaultRowFirst() {
        int count = 10_000;
        Map<Long, Float> visited = new HashMap<>();
        List<Long> order = new ArrayList<>();
        try (EmbeddingTable table = new EmbeddingTable("t", 3, SPEC, 1)) {
            for (int i = 1; i <= count; i++) {
                table.row(Mix.mix(i), true);
            }
            table.forEachRow((key, weights) -> {
                assertEquals(3, weights.remaining());
                visited.put(key, weights.get(2));
                order.add(key);
            });
            assertEquals(count + 1, order.size());
            assertEquals(EmbeddingTable.DEFAULT_KEY, order.getFirst());
            for (int i = 1; i <= count; i++) {
                assertEquals(weights(table, Mix.mix(i))[2], visited.get(Mix.mix(i)));
            }
            assertTrue(table.size() > count * (8L + 4 + 4 * 6), "keys, steps and rows");
        }
    }

    @Test
    void touchedSinceGivesTheRowsUpdatedLater() {
        try (EmbeddingTables tables =
                new EmbeddingTables(List.of(Batches.field("f", "t", 1, Pooling.SUM)), SPEC, 1, 1)) {
            long[][][] steps = {{{5}, {6}}, {{6}, {7}}, {{8}, {8}}};
            for (int step = 1; step <= 3; step++) {
                tables.gather(Batches.of(steps[step - 1]), Batches.buffer(2), true);
                tables.update(Batches.buffer(1f, 1f), 1, 10L * step);
            }
            EmbeddingTable table = tables.tables().getFirst();
            table.row(9, true); // given in the last step, never updated
            assertEquals(List.of(5L, 6L, 7L, 8L, 9L), touched(table, 0));
            assertEquals(List.of(6L, 7L, 8L, 9L), touched(table, 10));
            assertEquals(List.of(6L, 7L, 8L, 9L), touched(table, 19));
            assertEquals(List.of(8L, 9L), touched(table, 20));
            assertEquals(List.of(), touched(table, 30));
            assertEquals(30, tables.step());
        }
    }

    private static List<Long> touched(EmbeddingTable table, long step) {
        List<Long> keys = new ArrayList<>();
        table.touchedSince(step, (key, _) -> keys.add(key));
        return keys;
    }

    private static float[] weights(EmbeddingTable table, long key) {
        return Batches.array(table.weights(table.row(key, true)));
    }
}
