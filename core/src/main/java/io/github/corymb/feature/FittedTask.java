package io.github.corymb.feature;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/// A task with what the training rows say about it, and the one place where the network's outputs become predictions,
/// so that evaluation, prediction and serving agree to the last digit. Immutable; a bundle stores it as JSON.
///
/// @param name the task's name
/// @param task its description
/// @param classes of a multiclass task, in the order of its logits; else empty
/// @param labelMean mean of the training rows' labels, unscaled; 0 for a multiclass task
@JsonNaming(SnakeCaseStrategy.class)
public record FittedTask(String name, Task task, List<String> classes, double labelMean) {

    public FittedTask {
        classes = List.copyOf(classes);
        if (task instanceof Task.Multiclass && classes.size() < 2) {
            throw new InputException("task '" + name + "': expected at least 2 classes, found " + classes);
        }
    }

    /// How many outputs of the network, and predictions, a row has: the number of classes, or 1.
    public int width() {
        return task instanceof Task.Multiclass ? classes.size() : 1;
    }

    /// Turns the outputs z of one row, `outputs[from …]`, into its predictions, `into[at …]`, [#width()] of each:
    ///
    ///     binary       1 / (1 + e^−z)                    probability of 1
    ///     regression   z, or e^z − 1 on the log scale    the label
    ///     multiclass   e^z_c / Σ_i e^z_i                 probability of each class
    ///
    /// The functions are those of [StrictMath], equal on every machine.
    public void predict(float[] outputs, int from, double[] into, int at) {
        switch (task) {
            case Task.Binary _ -> into[at] = sigmoid(outputs[from]);
            case Task.Regression regression ->
                into[at] = regression.scale() == Task.LabelScale.LOG ? StrictMath.expm1(outputs[from]) : outputs[from];
            case Task.Multiclass _ -> softmax(outputs, from, classes.size(), into, at);
        }
    }

    private static double sigmoid(double z) {
        double e = StrictMath.exp(-Math.abs(z)); // never overflows
        return z >= 0 ? 1 / (1 + e) : e / (1 + e);
    }

    private static void softmax(float[] z, int from, int count, double[] into, int at) {
        double maximum = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < count; c++) {
            maximum = Math.max(maximum, z[from + c]);
        }
        double sum = 0;
        for (int c = 0; c < count; c++) {
            into[at + c] = StrictMath.exp(z[from + c] - maximum); // at most 1: never overflows
            sum += into[at + c];
        }
        for (int c = 0; c < count; c++) {
            into[at + c] /= sum;
        }
    }
}
