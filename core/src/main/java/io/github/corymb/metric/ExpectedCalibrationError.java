package io.github.corymb.metric;

import java.util.Set;

/// How far predicted probabilities lie from observed rates, over M bins of equal mass:
///
///     ECE = Σ_b |Σ_{i in b} w_ib (p_i − y_i)| / Σ_i w_i
///
/// Rows are put in order of their prediction, and that line of total weight W is cut into M pieces of weight W / M:
/// a row across a cut counts in both bins with the parts w_ib of its weight. Rows of equal predictions have no order,
/// so each of them stands for the mean label of them all; where they lie across a cut, both bins get that mean. Thus
/// bins are exactly equal, nothing depends on the order of rows, and a constant prediction p scores |p − mean y|.
///
/// Bins of equal width, the other convention, leave nearly all rows of a rare label in the first bin: figures of the
/// two do not compare. Empty where there are no rows. O(n log n).
///
/// Naeini, Cooper and Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian Binning", AAAI 2015; equal
/// mass as in Nguyen and O'Connor, EMNLP 2015.
///
/// @param binCount M, at least 1
public record ExpectedCalibrationError(int binCount) implements Metric {

    public static final int DEFAULT_BIN_COUNT = 15;

    public ExpectedCalibrationError {
        if (binCount < 1) {
            throw new IllegalArgumentException("bins: expected at least 1, found " + binCount);
        }
    }

    public ExpectedCalibrationError() {
        this(DEFAULT_BIN_COUNT);
    }

    @Override
    public String name() {
        return "ece";
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
        int[] rows = scored.index().byScore(); // [n]
        double total = 0;
        for (int row : rows) {
            total += scored.weight(row);
        }
        double binMass = total / binCount;
        if (!(binMass > 0)) {
            return Double.NaN;
        }
        double error = 0; // Σ over closed bins
        double binError = 0; // Σ w (p − y) of the open bin
        double binRoom = binMass;
        int end;
        for (int start = 0; start < rows.length; start = end) {
            double score = scored.prediction(rows[start]);
            double mass = 0;
            double positives = 0;
            for (end = start; end < rows.length && scored.prediction(rows[end]) == score; end++) {
                mass += scored.weight(rows[end]);
                positives += scored.weight(rows[end]) * scored.label(rows[end]);
            }
            if (mass == 0) {
                continue;
            }
            double gap = score - positives / mass;
            while (mass >= binRoom) {
                error += Math.abs(binError + binRoom * gap);
                mass -= binRoom;
                binRoom = binMass;
                binError = 0;
            }
            binError += mass * gap;
            binRoom -= mass;
        }
        return (error + Math.abs(binError)) / total; // the last bin may be open by rounding
    }
}
