package io.github.corymb.metric;

import java.util.Set;

/// Mean absolute error, in the unit of the label: `Σ w |p − y| / Σ w`. Empty where there are no rows.
public record Mae() implements Metric {

    @Override
    public String name() {
        return "mae";
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
        double errors = 0;
        double total = 0;
        for (int row = 0; row < scored.rowCount(); row++) {
            errors += scored.weight(row) * Math.abs(scored.prediction(row) - scored.label(row));
            total += scored.weight(row);
        }
        return errors / total;
    }
}
