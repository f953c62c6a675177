package io.github.corymb.metric;

import java.util.Optional;

/// DeLong's test of the difference between the AUCs of two models on the same rows.
///
///     V10_i = P(s_i beats a negative),   i of the n_1 positives          structural components
///     V01_j = P(a positive beats s_j),   j of the n_0 negatives
///     AUC   = mean V10 = mean V01
///     var(AUC_B − AUC_A) = S²(V10^B − V10^A) / n_1 + S²(V01^B − V01^A) / n_0,   S² the sample variance
///
/// A tie beats by half. The paper's O(n_1 n_0) kernel is replaced by ranks: V10_i is the number of negatives below i
/// plus half of those tied with it, over n_0, which equals Sun and Xu's (midrank of i among all − midrank among
/// positives) / n_0. O(n log n).
///
/// Rows are taken for independent: where a user has many, [UserBootstrap] gives the wider, honest interval. There are
/// no weights in it.
///
/// DeLong, DeLong and Clarke-Pearson, "Comparing the Areas under Two or More Correlated Receiver Operating
/// Characteristic Curves: A Nonparametric Approach", Biometrics 44, 1988; Sun and Xu, "Fast Implementation of DeLong's
/// Algorithm for Comparing the Areas Under Correlated Receiver Operating Characteristic Curves", IEEE Signal Processing
/// Letters 21, 2014.
public final class DeLong {

    private DeLong() {}

    /// Compares the AUCs of two models; the two must hold the same rows in the same order.
    ///
    /// @return the difference with its normal interval; empty where there are fewer than 2 rows of a class
    /// @throws IllegalArgumentException if the rows are not those of one binary task, or have weights
    public static Optional<PairedDifference> compare(Scored baseline, Scored candidate) {
        if (baseline.kind() != TaskKind.BINARY || !baseline.hasRowsOf(candidate)) {
            throw new IllegalArgumentException("rows: expected the same rows of one binary task for both models");
        }
        if (baseline.isWeighted()) {
            throw new IllegalArgumentException("weights: expected none, DeLong's test is not defined for them");
        }
        int n = baseline.rowCount();
        int positives = 0; // n_1
        for (int row = 0; row < n; row++) {
            positives += (int) baseline.label(row);
        }
        int negatives = n - positives; // n_0
        if (positives < 2 || negatives < 2) {
            return Optional.empty();
        }
        double[] a = components(baseline, positives); // [n]
        double[] b = components(candidate, positives); // [n]
        double variance = varianceOfDifference(baseline, a, b, 1, positives) / positives
                + varianceOfDifference(baseline, a, b, 0, negatives) / negatives;
        double baselineAuc = new Auc().valueOrNaN(baseline);
        double candidateAuc = new Auc().valueOrNaN(candidate);
        double difference = candidateAuc - baselineAuc;
        double standardError = Math.sqrt(variance);
        double margin = NormalDistribution.TWO_SIDED_QUANTILE_95 * standardError;
        double z = difference == 0 ? 0 : difference / standardError;
        return Optional.of(new PairedDifference(
                baselineAuc,
                candidateAuc,
                standardError,
                difference - margin,
                difference + margin,
                NormalDistribution.twoSidedP(z)));
    }

    /// The structural component of each row: V10 of a positive, V01 of a negative.
    private static double[] components(Scored scored, int positives) {
        int[] rows = scored.index().byScore(); // [n]
        int n = rows.length;
        int negatives = n - positives;
        double[] components = new double[n]; // [n]
        int positivesBelow = 0;
        int negativesBelow = 0;
        int end;
        for (int start = 0; start < n; start = end) {
            double score = scored.prediction(rows[start]);
            int tiedPositives = 0;
            for (end = start; end < n && scored.prediction(rows[end]) == score; end++) {
                tiedPositives += (int) scored.label(rows[end]);
            }
            int tiedNegatives = end - start - tiedPositives;
            double v10 = (negativesBelow + tiedNegatives / 2.0) / negatives;
            double v01 = (positives - positivesBelow - tiedPositives / 2.0) / positives;
            for (int i = start; i < end; i++) {
                components[rows[i]] = scored.label(rows[i]) == 1 ? v10 : v01;
            }
            positivesBelow += tiedPositives;
            negativesBelow += tiedNegatives;
        }
        return components;
    }

    /// S² of `b − a` over the `count` rows of one label.
    private static double varianceOfDifference(Scored scored, double[] a, double[] b, int label, int count) {
        double sum = 0;
        for (int row = 0; row < a.length; row++) {
            sum += scored.label(row) == label ? b[row] - a[row] : 0;
        }
        double mean = sum / count;
        double squares = 0;
        for (int row = 0; row < a.length; row++) {
            double deviation = scored.label(row) == label ? b[row] - a[row] - mean : 0;
            squares += deviation * deviation;
        }
        return squares / (count - 1);
    }
}
