package io.github.corymb.metric;

import java.util.Set;

/// Mean negative log likelihood of the labels, in nats: natural logarithm, not base 2.
///
///     binary:       −Σ w (y ln p + (1 − y) ln(1 − p)) / Σ w
///     multiclass:   −Σ w ln p_y / Σ w
///
/// with every probability clamped to [ε, 1 − ε], ε = 1e-7. Empty where there are no rows.
public record LogLoss() implements Metric {

    /// One row predicted 0 that turns out 1 would make the mean infinite, and a float sigmoid is exactly 1
    /// from a logit of 17 on. Floats just below 1 are 6e-8 apart, so that nothing a model can tell apart is
    /// lost; it is also the clamp of most published click-through benchmarks.
    static final double PROBABILITY_FLOOR = 1e-7; // ε

    @Override
    public String name() {
        return "log_loss";
    }

    @Override
    public Set<TaskKind> kinds() {
        return Set.of(TaskKind.BINARY, TaskKind.MULTICLASS);
    }

    @Override
    public Goal goal() {
        return Goal.LOWER;
    }

    @Override
    public double valueOrNaN(Scored scored) {
        boolean isMulticlass = scored.kind() == TaskKind.MULTICLASS;
        double loss = 0;
        double total = 0;
        for (int row = 0; row < scored.rowCount(); row++) {
            double weight = scored.weight(row);
            double label = scored.label(row);
            double likelihood = isMulticlass
                    ? scored.prediction(row, (int) label)
                    : label == 1 ? scored.prediction(row) : 1 - scored.prediction(row);
            loss -= weight * Math.log(clamp(likelihood));
            total += weight;
        }
        return loss / total;
    }

    private static double clamp(double probability) {
        return Math.clamp(probability, PROBABILITY_FLOOR, 1 - PROBABILITY_FLOOR);
    }
}
