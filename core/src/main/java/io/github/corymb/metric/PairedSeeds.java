package io.github.corymb.metric;

import java.util.Optional;

/// Paired t test over seeds: the two models were trained once with each of k seeds, and the differences of one metric
/// seed by seed are taken for independent and normal.
///
///     d_s = candidate_s − baseline_s,   t = mean(d) / (sd(d) / √k),   k − 1 degrees of freedom
///
/// It says whether training again would show the difference again, on these rows; [DeLong] and [UserBootstrap] say
/// whether other rows would show it, for these two trained models. With few seeds the interval is honest and wide.
public final class PairedSeeds {

    private PairedSeeds() {}

    /// Compares the means over seeds.
    ///
    /// @param baseline the baseline's value with each seed
    /// @param candidate the candidate's value with the same seeds in the same order
    /// @return the mean difference with its t interval; empty where there are fewer than 2 seeds
    /// @throws IllegalArgumentException if lengths differ
    public static Optional<PairedDifference> compare(double[] baseline, double[] candidate) {
        int k = baseline.length;
        if (candidate.length != k) {
            throw new IllegalArgumentException("seeds: expected " + k + ", found " + candidate.length);
        }
        if (k < 2) {
            return Optional.empty();
        }
        double[] differences = new double[k]; // [k]
        for (int s = 0; s < k; s++) {
            differences[s] = candidate[s] - baseline[s];
        }
        MeanAndDeviation difference = MeanAndDeviation.of(differences);
        double mean = difference.mean();
        double standardError = difference.deviation().orElseThrow() / Math.sqrt(k);
        double margin = StudentDistribution.twoSidedQuantile(PairedDifference.CONFIDENCE, k - 1) * standardError;
        double t = mean == 0 ? 0 : mean / standardError;
        return Optional.of(new PairedDifference(
                MeanAndDeviation.of(baseline).mean(),
                MeanAndDeviation.of(candidate).mean(),
                standardError,
                mean - margin,
                mean + margin,
                StudentDistribution.twoSidedP(t, k - 1)));
    }
}
