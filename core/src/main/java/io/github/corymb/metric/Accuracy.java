package io.github.corymb.metric;

import java.util.Set;

/// Share of rows whose predicted class is the label.
///
///     Σ w [ŷ = y] / Σ w
///
/// A binary row is predicted 1 from a probability of exactly ½ on; a multiclass row is predicted its most probable
/// class, the first of several. Empty where there are no rows. On rare labels read AUC instead: predicting 0 always
/// scores the share of negatives.
public record Accuracy() implements Metric {

    @Override
    public String name() {
        return "accuracy";
    }

    @Override
    public Set<TaskKind> kinds() {
        return Set.of(TaskKind.BINARY, TaskKind.MULTICLASS);
    }

    @Override
    public Goal goal() {
        return Goal.HIGHER;
    }

    @Override
    public double valueOrNaN(Scored scored) {
        boolean isMulticlass = scored.kind() == TaskKind.MULTICLASS;
        double correct = 0;
        double total = 0;
        for (int row = 0; row < scored.rowCount(); row++) {
            int predicted = isMulticlass ? mostProbable(scored, row) : scored.prediction(row) >= 0.5 ? 1 : 0;
            correct += scored.label(row) == predicted ? scored.weight(row) : 0;
            total += scored.weight(row);
        }
        return correct / total;
    }

    static int mostProbable(Scored scored, int row) {
        int best = 0;
        for (int c = 1; c < scored.classCount(); c++) {
            if (scored.prediction(row, c) > scored.prediction(row, best)) {
                best = c;
            }
        }
        return best;
    }
}
