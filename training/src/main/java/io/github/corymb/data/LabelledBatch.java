package io.github.corymb.data;

import io.github.corymb.feature.Batch;

/// B rows ready to learn from: inputs, and for each of K tasks the labels and weights. Filled by [Dataset#fill], and
/// reused from batch to batch; its arrays may be longer than B.
public final class LabelledBatch {

    private final Batch inputs;
    private final float[][] labels; // [K, B]
    private final float[][] weights; // [K, B]
    private long[] users = new long[0]; // [B]

    public LabelledBatch(Batch inputs, int taskCount) {
        this.inputs = inputs;
        this.labels = new float[taskCount][0];
        this.weights = new float[taskCount][0];
    }

    public int rowCount() {
        return inputs.rowCount();
    }

    public Batch inputs() {
        return inputs;
    }

    /// Labels by task: 0 or 1, a number, or the index of a class; 0 where the row carries none, see [#weights()].
    public float[][] labels() {
        return labels;
    }

    /// Weights by task: the row's weight, and 0 where it carries no label of the task.
    public float[][] weights() {
        return weights;
    }

    /// The key of each row's user; all 0 where no column groups rows.
    public long[] users() {
        return users;
    }

    /// Makes room for `rowCount` rows; labels, weights and users keep what they held.
    void reset(int rowCount) {
        inputs.reset(rowCount);
        if (users.length < rowCount) {
            users = new long[rowCount];
            for (int k = 0; k < labels.length; k++) {
                labels[k] = new float[rowCount];
                weights[k] = new float[rowCount];
            }
        }
    }
}
