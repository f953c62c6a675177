package io.github.corymb.metric;

import java.util.Set;

/// Share of the labels' variance that the predictions explain.
///
///     R² = 1 − Σ w (y − p)² / Σ w (y − ȳ)²,   ȳ = Σ w y / Σ w
///
/// Predicting the mean scores 0, anything worse is negative without bound: it is no square, and not the squared
/// correlation. Empty where the labels do not vary.
public record RSquared() implements Metric {

    @Override
    public String name() {
        return "r2";
    }

    @Override
    public Set<TaskKind> kinds() {
        return Set.of(TaskKind.REGRESSION);
    }

    @Override
    public Goal goal() {
        return Goal.HIGHER;
    }

    @Override
    public double valueOrNaN(Scored scored) {
        double sum = 0;
        double total = 0;
        double lowest = Double.POSITIVE_INFINITY;
        double highest = Double.NEGATIVE_INFINITY;
        for (int row = 0; row < scored.rowCount(); row++) {
            double weight = scored.weight(row);
            if (weight > 0) {
                sum += weight * scored.label(row);
                total += weight;
                lowest = Math.min(lowest, scored.label(row));
                highest = Math.max(highest, scored.label(row));
            }
        }
        if (lowest >= highest) { // compared, since a rounded mean leaves a variance that is not quite 0
            return Double.NaN;
        }
        double mean = sum / total;
        double unexplained = 0;
        double variation = 0;
        for (int row = 0; row < scored.rowCount(); row++) {
            double error = scored.label(row) - scored.prediction(row);
            double deviation = scored.label(row) - mean;
            unexplained += scored.weight(row) * error * error;
            variation += scored.weight(row) * deviation * deviation;
        }
        return 1 - unexplained / variation;
    }
}
