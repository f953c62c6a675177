package io.github.corymb.train;

import io.github.corymb.feature.Task;
import java.util.List;

/// The names of the metrics that tasks are measured by.
public final class TaskMetrics {

    private static final List<String> BINARY = List.of("auc", "gauc", "log_loss", "ne", "pcoc", "ece", "accuracy");
    private static final List<String> REGRESSION = List.of("rmse", "mae", "r2");
    private static final List<String> MULTICLASS = List.of("accuracy", "macro_f1", "log_loss");

    private TaskMetrics() {}

    /// All metrics of a task, its main one first.
    public static List<String> of(Task task) {
        return switch (task) {
            case Task.Binary _ -> BINARY;
            case Task.Regression _ -> REGRESSION;
            case Task.Multiclass _ -> MULTICLASS;
        };
    }

    /// The metric that stands for the task where one figure is wanted, as in the mean of early stopping: of those that
    /// lie on the scale of a share, so that a mean over tasks is not ruled by the unit of one label.
    public static String main(Task task) {
        return switch (task) {
            case Task.Binary _ -> "auc";
            case Task.Regression _ -> "r2";
            case Task.Multiclass _ -> "accuracy";
        };
    }
}
