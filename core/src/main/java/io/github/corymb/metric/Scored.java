package io.github.corymb.metric;

import java.util.Arrays;

/// The labelled rows of one task with what a model predicted for them. Rows without a label of the task are not among
/// them. The arrays are borrowed, not copied: whoever made them must not change them afterwards. Orders of the rows
/// that several metrics need are computed once and kept. Safe for use by many threads.
public final class Scored {

    private final TaskKind kind;
    private final int classCount; // C, 1 unless multiclass
    private final double[] predictions; // [n, C] row-major
    private final double[] labels; // [n]
    private final double[] weights; // [n], or null where every row weighs 1
    private final long[] groups; // [n], or null where rows belong to nobody
    private final RowIndex index;

    private Scored(
            TaskKind kind,
            int classCount,
            double[] predictions,
            double[] labels,
            double[] weights,
            long[] groups,
            RowIndex index) {
        this.kind = kind;
        this.classCount = classCount;
        this.predictions = predictions;
        this.labels = labels;
        this.weights = weights;
        this.groups = groups;
        this.index = index;
    }

    private static Scored checked(
            TaskKind kind, int classCount, double[] predictions, double[] labels, double[] weights, long[] groups) {
        RowChecks.check(kind, classCount, predictions, labels, weights, groups);
        RowIndex index = new RowIndex(predictions, groups);
        return new Scored(kind, classCount, predictions, labels, weights, groups, index);
    }

    /// Rows of a binary task.
    ///
    /// @param predictions the probability of label 1, in [0, 1]: after the sigmoid, not before
    /// @param labels 0 or 1
    /// @param weights the weight of each row, finite and at least 0; null where every row weighs 1
    /// @param groups the user of each row, for GAUC and for resampling; null where there are none
    /// @throws IllegalArgumentException if a value lies outside its range, or lengths differ
    public static Scored binary(double[] predictions, double[] labels, double[] weights, long[] groups) {
        return checked(TaskKind.BINARY, 1, predictions, labels, weights, groups);
    }

    /// Rows of a binary task that weigh 1 and belong to nobody.
    public static Scored binary(double[] predictions, double[] labels) {
        return binary(predictions, labels, null, null);
    }

    /// Rows of a regression task: predictions and labels are finite, in the unit of the label. Weights and groups as in
    /// [#binary(double[], double[], double[], long[])].
    public static Scored regression(double[] predictions, double[] labels, double[] weights, long[] groups) {
        return checked(TaskKind.REGRESSION, 1, predictions, labels, weights, groups);
    }

    /// Rows of a regression task that weigh 1 and belong to nobody.
    public static Scored regression(double[] predictions, double[] labels) {
        return regression(predictions, labels, null, null);
    }

    /// Rows of a multiclass task. Weights and groups as in [#binary(double[], double[], double[], long[])].
    ///
    /// @param predictions the probabilities of the C classes, row by row: `[n, C]`, each in [0, 1]
    /// @param labels the class of each row, a whole number from 0 to C − 1
    public static Scored multiclass(
            int classCount, double[] predictions, double[] labels, double[] weights, long[] groups) {
        return checked(TaskKind.MULTICLASS, classCount, predictions, labels, weights, groups);
    }

    /// Rows of a multiclass task that weigh 1 and belong to nobody.
    public static Scored multiclass(int classCount, double[] predictions, double[] labels) {
        return multiclass(classCount, predictions, labels, null, null);
    }

    /// A copy of some of the rows, in the order given: a slice by the value of a column, for example.
    public Scored select(int[] rows) {
        int n = rows.length;
        double[] selectedPredictions = new double[n * classCount]; // [n, C]
        double[] selectedLabels = new double[n]; // [n]
        double[] selectedWeights = weights == null ? null : new double[n]; // [n]
        long[] selectedGroups = groups == null ? null : new long[n]; // [n]
        for (int i = 0; i < n; i++) {
            System.arraycopy(predictions, rows[i] * classCount, selectedPredictions, i * classCount, classCount);
            selectedLabels[i] = labels[rows[i]];
            if (selectedWeights != null) {
                selectedWeights[i] = weights[rows[i]];
            }
            if (selectedGroups != null) {
                selectedGroups[i] = groups[rows[i]];
            }
        }
        RowIndex selectedIndex = new RowIndex(selectedPredictions, selectedGroups);
        return new Scored(
                kind, classCount, selectedPredictions, selectedLabels, selectedWeights, selectedGroups, selectedIndex);
    }

    /// The same rows under other weights, which share this one's orders. The caller may go on changing the weights
    /// between uses: that is how resampling counts rows without copying them.
    Scored reweighted(double[] newWeights) {
        return new Scored(kind, classCount, predictions, labels, newWeights, groups, index);
    }

    boolean hasRowsOf(Scored other) {
        return kind == other.kind
                && Arrays.equals(labels, other.labels)
                && Arrays.equals(weights, other.weights)
                && Arrays.equals(groups, other.groups);
    }

    public TaskKind kind() {
        return kind;
    }

    public int rowCount() {
        return labels.length;
    }

    /// The number of classes C of a multiclass task; 1 for all others.
    public int classCount() {
        return classCount;
    }

    /// What was predicted for a row of a binary or regression task.
    double prediction(int row) {
        return predictions[row];
    }

    /// What was predicted for one class of a row of a multiclass task.
    double prediction(int row, int classIndex) {
        return predictions[row * classCount + classIndex];
    }

    double label(int row) {
        return labels[row];
    }

    double weight(int row) {
        return weights == null ? 1 : weights[row];
    }

    /// Whether some row may weigh other than 1.
    public boolean isWeighted() {
        return weights != null;
    }

    /// Whether rows belong to users.
    public boolean isGrouped() {
        return groups != null;
    }

    RowIndex index() {
        return index;
    }
}
