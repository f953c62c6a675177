package io.github.corymb.metric;

/// What a comparison of two models on the same rows, or over the same seeds, found: `candidate − baseline`, in the unit
/// of the metric. Whether a positive difference is good is for the metric's [Goal] to say. Made by [DeLong],
/// [UserBootstrap] and [PairedSeeds].
///
/// @param baseline the baseline's value
/// @param candidate the candidate's value
/// @param standardError the standard error of the difference, at least 0
/// @param lower lower end of the interval that holds the true difference with confidence [#CONFIDENCE]
/// @param upper its upper end
/// @param p two-sided p-value of there being no difference, in [0, 1]
public record PairedDifference(
        double baseline, double candidate, double standardError, double lower, double upper, double p) {

    public static final double CONFIDENCE = 0.95;

    public double difference() {
        return candidate - baseline;
    }

    /// Difference over standard error: z of DeLong, t over seeds. Infinite where a difference has no error at all, 0
    /// where there is no difference.
    public double statistic() {
        return difference() == 0 ? 0 : difference() / standardError;
    }

    /// Whether the interval excludes 0. Among twenty comparisons of equal models, one is significant by chance.
    public boolean isSignificant() {
        return lower > 0 || upper < 0;
    }
}
