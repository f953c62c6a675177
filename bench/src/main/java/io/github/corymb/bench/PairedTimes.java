package io.github.corymb.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Two works in turns, so that whatever else the machine does meets both alike. Which comes first changes from pair to
/// pair.
///
/// @param first nanoseconds of each run of the first
/// @param second of the second, in the same pairs
@SuppressWarnings("ArrayRecordComponent") // never compared
record PairedTimes(double[] first, double[] second) {

    /// Does the work of a round once.
    @FunctionalInterface
    interface Work {
        void run(int round) throws Exception;
    }

    /// @param warmUpCount pairs that do not count
    /// @param seconds how long pairs count; at least one does
    static PairedTimes measure(Work first, Work second, int warmUpCount, double seconds) throws Exception {
        for (int round = 0; round < warmUpCount; round++) {
            first.run(round);
            second.run(round);
        }
        List<double[]> pairs = new ArrayList<>();
        long end = System.nanoTime() + (long) (seconds * 1e9);
        do {
            int round = pairs.size();
            double[] pair = new double[2];
            if (round % 2 == 0) {
                pair[0] = nanos(first, round);
                pair[1] = nanos(second, round);
            } else {
                pair[1] = nanos(second, round);
                pair[0] = nanos(first, round);
            }
            pairs.add(pair);
        } while (System.nanoTime() < end);
        return new PairedTimes(
                pairs.stream().mapToDouble(pair -> pair[0]).toArray(),
                pairs.stream().mapToDouble(pair -> pair[1]).toArray());
    }

    private static double nanos(Work work, int round) throws Exception {
        long start = System.nanoTime();
        work.run(round);
        return System.nanoTime() - start;
    }

    int count() {
        return first.length;
    }

    /// The median over pairs of the second by the first.
    double ratio() {
        double[] ratios = new double[first.length];
        for (int pair = 0; pair < ratios.length; pair++) {
            ratios[pair] = second[pair] / first[pair];
        }
        return Session.median(ratios);
    }

    /// Of some nanoseconds: `p50 1.40 ms, p99 2.10 ms`.
    static String words(double[] nanos) {
        double[] sorted = nanos.clone();
        Arrays.sort(sorted);
        int last = (int) Math.ceil(0.99 * sorted.length) - 1;
        return String.format(Locale.ROOT, "p50 %.2f ms, p99 %.2f ms", Session.median(sorted) / 1e6, sorted[last] / 1e6);
    }
}
