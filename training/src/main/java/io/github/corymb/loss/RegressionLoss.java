package io.github.corymb.loss;

import io.github.corymb.feature.Task;
import io.github.corymb.tensor.Tensor;

/// The loss of a number, by its error e = z − y, or e = z − log(1 + y) on the log scale.
///
///     squared      l = e²
///     absolute     l = |e|
///     huber        l = e² / 2 where |e| ≤ δ, else δ (|e| − δ / 2)
///
/// Huber, *Robust Estimation of a Location Parameter*, Annals of Mathematical Statistics 35, 1964.
///
/// On the log scale y > −1; the model's output is log(1 + prediction).
///
/// @param delta δ above 0; of no meaning without Huber
record RegressionLoss(Task.RegressionLoss loss, double delta, Task.LabelScale scale) implements TaskLoss {

    static RegressionLoss of(Task.Regression task) {
        return new RegressionLoss(task.loss(), task.delta() == null ? 1 : task.delta(), task.scale());
    }

    @Override
    public Tensor rows(Tensor output, Tensor label) { // [B, 1], [B, 1]
        Tensor target = switch (scale) {
            case LINEAR -> label; // [B, 1]
            case LOG -> label.log1p(); // [B, 1]
        };
        Tensor error = output.subtract(target); // [B, 1]
        return switch (loss) {
            case SQUARED -> error.square(); // [B, 1]
            case ABSOLUTE -> error.abs(); // [B, 1]
            case HUBER -> huber(error.abs()); // [B, 1]
        };
    }

    /// c (|e| − c / 2) with c = min(|e|, δ): both branches of Huber's loss in one line.
    private Tensor huber(Tensor distance) { // [B, 1]
        Tensor clipped = distance.clamp(0, delta); // c [B, 1]
        return clipped.multiply(distance.subtract(clipped.multiply(0.5))); // [B, 1]
    }
}
