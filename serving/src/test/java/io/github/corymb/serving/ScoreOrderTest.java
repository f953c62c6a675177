package io.github.corymb.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScoreOrderTest {

    @Test
    void isWhatSortingGives() {
        Random random = new Random(7);
        for (int count : new int[] {0, 1, 2, 3, 16, 100}) {
            double[] scores = random.ints(count, 0, 20).asDoubleStream().toArray(); // with ties
            if (count > 10) {
                scores[3] = Double.NaN;
                scores[9] = Double.NaN;
                scores[5] = Double.NEGATIVE_INFINITY;
                scores[7] = Double.POSITIVE_INFINITY;
            }
            int[] sorted = IntStream.range(0, count)
                    .boxed()
                    .sorted(Comparator.<Integer>comparingInt(at -> Double.isNaN(scores[at]) ? 1 : 0)
                            .thenComparing(at -> scores[at], Comparator.reverseOrder())
                            .thenComparing(at -> at))
                    .mapToInt(Integer::intValue)
                    .toArray();
            for (int top = 0; top <= count; top++) {
                assertArrayEquals(
                        IntStream.of(sorted).limit(top).toArray(), ScoreOrder.best(scores, top), count + ", " + top);
            }
        }
    }
}
