package io.github.corymb.metric;

import java.util.Set;

/// Root mean squared error, in the unit of the label: `√(Σ w (p − y)² / Σ w)`. Over all rows at once, not a mean of
/// batches' roots. Empty where there are no rows.
public record Rmse() implements Metric {

    @Override
    public String name() {
        return "rmse";
    }

    @Override
    public Set<TaskKind> kinds() {
        return Set.of(TaskKind.REGRESSION);
    }

    @Override
    public Goal goal() {
        return Goal.LOWER;
    }

    @Override
    public double valueOrNaN(Scored scored) {
        double squares = 0;
        double total = 0;
        for (int row = 0; row < scored.rowCount(); row++) {
            double error = scored.prediction(row) - scored.label(row);
            squares += scored.weight(row) * error * error;
            total += scored.weight(row);
        }
        return Math.sqrt(squares / total);
    }
}
