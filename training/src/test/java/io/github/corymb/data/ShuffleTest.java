package io.github.corymb.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ShuffleTest {

    @Property(seed = "11", tries = 100)
    void anOrderHoldsEveryRowOnce(@ForAll @IntRange(max = 3000) int n, @ForAll long seed, @ForAll int stream) {
        int[] sorted = Arrays.stream(Shuffle.order(n, seed, stream)).sorted().toArray();
        assertArrayEquals(IntStream.range(0, n).toArray(), sorted);
    }

    @Test
    void everyRowStandsAtEveryPlaceEquallyOften() {
        int n = 5;
        int tries = 20_000;
        int[][] counts = new int[n][n];
        for (int stream = 0; stream < tries; stream++) {
            int[] order = Shuffle.order(n, 42, stream);
            for (int place = 0; place < n; place++) {
                counts[order[place]][place]++;
            }
        }
        double p = 1.0 / n;
        for (int[] row : counts) {
            for (int count : row) {
                assertEquals(tries * p, count, 5 * Math.sqrt(tries * p * (1 - p)));
            }
        }
    }

    @Test
    void ordersStayWhatTheyWere() {
        assertArrayEquals(new int[] {3, 1, 4, 5, 2, 0}, Shuffle.order(6, 2026, 0)); // of the first version
    }
}
