package io.github.corymb.loss;

import io.github.corymb.feature.Task;
import io.github.corymb.tensor.Tensor;

/// The loss of one task over a batch.
///
///     L = Σ_b w_b · l(z_b, y_b) / max(1, m)          m: rows of the batch that carry a label
///
/// A row without a label has weight 0 and a label of any finite value, 0 by convention; it adds nothing to the loss or
/// to a gradient. A batch without any label has loss 0 and gradient 0. The denominator counts rows, it does not sum
/// their weights: doubling all weights doubles the loss, and a mean weight of 0.1 makes a loss of a tenth.
///
/// Labels are those of the experiment file: 0 or 1, a number, or the index of a class. A regression on the log scale
/// takes log(1 + y) in its own [#rows], which is the only place where a label is transformed.
///
/// Immutable: one loss serves any number of threads.
public sealed interface TaskLoss permits BinaryLoss, RegressionLoss, MulticlassLoss {

    /// The loss that belongs to a task. Its `weight` is no part of it: that is the balancer's.
    static TaskLoss of(Task task) {
        return switch (task) {
            case Task.Binary _ -> new BinaryLoss();
            case Task.Regression regression -> RegressionLoss.of(regression);
            case Task.Multiclass _ -> new MulticlassLoss();
        };
    }

    /// The loss l(z, y) of each row by itself.
    ///
    /// @param output z, what the model gives: [B, width]
    /// @param label y: [B, 1]
    /// @return [B, 1]
    Tensor rows(Tensor output, Tensor label);

    /// L, a scalar of shape [].
    ///
    /// @param output z, what the model gives: [B, width]
    /// @param label y: [B, 1]
    /// @param weight w: [B, 1], each at least 0; 0 without a label
    /// @param labelledRowCount m, from 0 to B
    default Tensor forward(Tensor output, Tensor label, Tensor weight, int labelledRowCount) {
        return rows(output, label).multiply(weight).sum().multiply(1.0 / Math.max(1, labelledRowCount)); // []
    }
}
