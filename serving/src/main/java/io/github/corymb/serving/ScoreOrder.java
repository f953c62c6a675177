package io.github.corymb.serving;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/// The best of some scores.
final class ScoreOrder {

    private ScoreOrder() {}

    /// The indices of the `count` greatest scores, greatest first; of equal ones the smaller index first, NaN last.
    static int[] best(double[] scores, int count) {
        Comparator<Integer> bestFirst = Comparator.<Integer>comparingDouble(
                        at -> Double.isNaN(scores[at]) ? Double.POSITIVE_INFINITY : -scores[at])
                .thenComparingInt(at -> at);
        if (count >= scores.length) {
            return IntStream.range(0, scores.length)
                    .boxed()
                    .sorted(bestFirst)
                    .mapToInt(Integer::intValue)
                    .toArray();
        }
        PriorityQueue<Integer> kept = new PriorityQueue<>(count + 1, bestFirst.reversed()); // the worst on top
        for (int at = 0; at < scores.length; at++) {
            kept.add(at);
            if (kept.size() > count) {
                kept.poll();
            }
        }
        return kept.stream().sorted(bestFirst).mapToInt(Integer::intValue).toArray();
    }
}
