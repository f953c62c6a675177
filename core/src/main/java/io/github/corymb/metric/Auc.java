package io.github.corymb.metric;

import java.util.Set;

/// Area under the ROC curve: the probability that a positive row scores above a negative one, ties counting one half.
///
///     AUC = Σ_{i: y=1} Σ_{j: y=0} w_i w_j ([s_i > s_j] + ½ [s_i = s_j]) / (W_1 W_0)
///
/// Without weights this is (Σ midranks of positives − n_1 (n_1 + 1) / 2) / (n_1 n_0). Exact over all rows: neither a
/// mean over batches nor a sum over a grid of thresholds, and equal scores never fall apart by the order of rows.
/// Empty where all rows are of one class. O(n log n) once, O(n) for each further weighting.
///
/// Hanley and McNeil, "The meaning and use of the area under a receiver operating characteristic (ROC) curve",
/// Radiology 143, 1982.
public record Auc() implements Metric {

    @Override
    public String name() {
        return "auc";
    }

    @Override
    public Set<TaskKind> kinds() {
        return Set.of(TaskKind.BINARY);
    }

    @Override
    public Goal goal() {
        return Goal.HIGHER;
    }

    @Override
    public double valueOrNaN(Scored scored) {
        return over(scored, scored.index().byScore(), 0, scored.rowCount());
    }

    /// The AUC of `rows[from] … rows[to - 1]`, which ascend by score; NaN where they are of one class.
    static double over(Scored scored, int[] rows, int from, int to) {
        double wins = 0; // Σ over positives so far of the negative weight below them
        double positives = 0;
        double negatives = 0;
        int end;
        for (int start = from; start < to; start = end) {
            double score = scored.prediction(rows[start]);
            double tiedPositives = 0;
            double tiedNegatives = 0;
            for (end = start; end < to && scored.prediction(rows[end]) == score; end++) {
                double weight = scored.weight(rows[end]);
                if (scored.label(rows[end]) == 1) {
                    tiedPositives += weight;
                } else {
                    tiedNegatives += weight;
                }
            }
            wins += tiedPositives * (negatives + tiedNegatives / 2);
            positives += tiedPositives;
            negatives += tiedNegatives;
        }
        return wins / (positives * negatives);
    }
}
