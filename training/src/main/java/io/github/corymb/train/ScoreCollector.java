package io.github.corymb.train;

import io.github.corymb.feature.FittedTask;
import io.github.corymb.metric.Scored;
import java.util.Arrays;

/// Gathers the predictions of one task for the rows that carry its label, batch by batch.
final class ScoreCollector {

    /// How what a network or a graph gives for a row becomes predictions; `FittedTask::predict` is that of a network.
    @FunctionalInterface
    interface Rule {
        void predict(FittedTask task, float[] outputs, int from, double[] predictions, int at);
    }

    private final FittedTask task;
    private final Rule rule;
    private final int width; // predictions of a row
    private double[] predictions; // [n, width]
    private double[] labels; // [n]
    private double[] weights; // [n]
    private long[] users; // [n], or null
    private int[] rows; // [n]
    private int count; // n
    private boolean isWeighted;

    ScoreCollector(FittedTask task, Rule rule, int rowCount, boolean hasUsers) {
        this.task = task;
        this.rule = rule;
        this.width = task.width();
        predictions = new double[Math.multiplyExact(rowCount, width)];
        labels = new double[rowCount];
        weights = new double[rowCount];
        users = hasUsers ? new long[rowCount] : null;
        rows = new int[rowCount];
    }

    /// Adds the labelled rows of a batch.
    ///
    /// @param outputs [B, width]
    /// @param firstRow the place of the batch's first row among all rows
    void add(
            float[] outputs, float[] batchLabels, float[] batchWeights, long[] batchUsers, int rowCount, int firstRow) {
        for (int b = 0; b < rowCount; b++) {
            if (batchWeights[b] > 0) {
                rule.predict(task, outputs, b * width, predictions, count * width);
                labels[count] = batchLabels[b];
                weights[count] = batchWeights[b];
                isWeighted |= batchWeights[b] != 1;
                rows[count] = firstRow + b;
                if (users != null) {
                    users[count] = batchUsers[b];
                }
                count++;
            }
        }
    }

    /// What was gathered.
    Evaluation.TaskScores scores() {
        double[] p = Arrays.copyOf(predictions, count * width);
        double[] y = Arrays.copyOf(labels, count);
        double[] w = isWeighted ? Arrays.copyOf(weights, count) : null;
        long[] u = users == null ? null : Arrays.copyOf(users, count);
        Scored scored = switch (TaskMetrics.kind(task.task())) {
            case BINARY -> Scored.binary(p, y, w, u);
            case REGRESSION -> Scored.regression(p, y, w, u);
            case MULTICLASS -> Scored.multiclass(width, p, y, w, u);
        };
        return new Evaluation.TaskScores(task, scored, Arrays.copyOf(rows, count));
    }
}
