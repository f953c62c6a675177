package io.github.corymb.feature;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// Keeps numbers for their quantiles: all of them up to a limit, and beyond it a uniform sample of as many.
///
/// Vitter, "Random sampling with a reservoir", ACM TOMS 11(1), 1985, algorithm R.
final class QuantileSample {

    private final int limit;
    private final RandomGenerator random;
    private double[] values = new double[16];
    private long seenCount;

    QuantileSample(int limit, RandomGenerator random) {
        this.limit = limit;
        this.random = random;
    }

    void add(double x) {
        if (seenCount < limit) {
            int at = (int) seenCount;
            if (at == values.length) {
                values = Arrays.copyOf(values, Math.min(limit, at * 2));
            }
            values[at] = x;
        } else {
            long at = random.nextLong(seenCount + 1);
            if (at < limit) {
                values[(int) at] = x;
            }
        }
        seenCount++;
    }

    /// Where the buckets begin that cut the n sorted numbers v into equal shares, but for the first:
    ///
    ///     v[⌊i n / buckets⌋]     i = 1 … buckets − 1
    ///
    /// Equal ones count once, and none is the minimum, so that no bucket is empty.
    List<Double> boundaries(int buckets) {
        int count = (int) Math.min(seenCount, limit);
        double[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        List<Double> boundaries = new ArrayList<>();
        for (int i = 1; i < buckets && count > 0; i++) {
            double boundary = sorted[(int) ((long) i * count / buckets)];
            if (boundary > (boundaries.isEmpty() ? sorted[0] : boundaries.getLast())) {
                boundaries.add(boundary + 0.0); // never −0, which would sort before 0
            }
        }
        return boundaries;
    }
}
