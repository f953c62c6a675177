package io.github.corymb.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScoreOrderTest {

    private static final int COUNT = 100;

    @Test
    void isWhatSortingGives() {
        Random random = new Random(7);
        for (int count : new int[] {0, 1, 2, 3, 16, COUNT}) {
            double[] scores = random.ints(count, 0, 20).asDoubleStream().toArray(); // with ties
            if (count > 10) {
                scores[3] = Double.NaN;
                scores[9] = Double.NaN;
                scores[5] = Double.NEGATIVE_INFINITY;
                scores[7] = Double.POSITIVE_INFINITY;
            }
            assertSorted(scores);
        }
    }

    /// Scores of both signs, zeros of both, and such as differ in their last bits alone.
    @Test
    void everyBitOfAScoreCounts() {
        Random random = new Random(7);
        assertSorted(random.doubles(COUNT, -1, 1).toArray());
        assertSorted(random.ints(COUNT, 0, 2).mapToDouble(sign -> sign == 0 ? 0.0 : -0.0).toArray());
        for (double near : new double[] {1, -1, 1e-300}) {
            assertSorted(random.ints(COUNT, 0, 40).mapToDouble(ulps -> near + ulps * Math.ulp(near)).toArray());
        }
    }

    private static void assertSorted(double[] scores) {
        int[] sorted = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingInt(at -> Double.isNaN(scores[at]) ? 1 : 0)
                        .thenComparing(at -> scores[at] + 0.0, Comparator.reverseOrder()) // zeros are equal
                        .thenComparing(at -> at))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int top = 0; top <= scores.length; top++) {
            assertArrayEquals(
                    IntStream.of(sorted).limit(top).toArray(),
                    ScoreOrder.best(scores, top),
                    scores.length + ", " + top);
        }
    }
}
