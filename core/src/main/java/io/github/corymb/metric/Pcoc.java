package io.github.corymb.metric;

import java.util.Set;

/// Predicted over observed: the mean prediction over the mean label.
///
///     PCOC = Σ w p / Σ w y
///
/// Above 1 the model promises too much, below 1 too little; 1 says nothing about single rows. Empty where no row is
/// positive. Also known as calibration (He et al., ADKDD 2014, section 3).
public record Pcoc() implements Metric {

    @Override
    public String name() {
        return "pcoc";
    }

    @Override
    public Set<TaskKind> kinds() {
        return Set.of(TaskKind.BINARY);
    }

    @Override
    public Goal goal() {
        return Goal.NEARER_ONE;
    }

    @Override
    public double valueOrNaN(Scored scored) {
        double predicted = 0;
        double observed = 0;
        for (int row = 0; row < scored.rowCount(); row++) {
            predicted += scored.weight(row) * scored.prediction(row);
            observed += scored.weight(row) * scored.label(row);
        }
        return predicted / observed; // not finite where nothing is observed
    }
}
