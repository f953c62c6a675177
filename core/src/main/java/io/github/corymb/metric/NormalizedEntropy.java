package io.github.corymb.metric;

import java.util.Set;

/// Log loss relative to that of always predicting the base rate of these rows: below 1 is better than knowing only
/// the average, and unlike log loss it compares across data of different base rates.
///
///     NE = log loss / H(r),   r = Σ w y / Σ w,   H(r) = −r ln r − (1 − r) ln(1 − r)
///
/// The base rate is that of the rows given, not of the training set. Empty where all rows are of one class.
///
/// He et al., "Practical Lessons from Predicting Clicks on Ads at Facebook", ADKDD 2014, section 3.
public record NormalizedEntropy() implements Metric {

    @Override
    public String name() {
        return "ne";
    }

    @Override
    public Set<TaskKind> kinds() {
        return Set.of(TaskKind.BINARY);
    }

    @Override
    public Goal goal() {
        return Goal.LOWER;
    }

    @Override
    public double valueOrNaN(Scored scored) {
        double positives = 0;
        double negatives = 0;
        for (int row = 0; row < scored.rowCount(); row++) {
            positives += scored.weight(row) * scored.label(row);
            negatives += scored.weight(row) * (1 - scored.label(row));
        }
        double r = positives / (positives + negatives);
        double entropy = -r * Math.log(r) - (1 - r) * Math.log1p(-r); // NaN where r is 0 or 1
        return new LogLoss().valueOrNaN(scored) / entropy;
    }
}
