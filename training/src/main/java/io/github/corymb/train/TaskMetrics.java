package io.github.corymb.train;

import io.github.corymb.feature.Task;
import io.github.corymb.metric.Metric;
import io.github.corymb.metric.Metrics;
import io.github.corymb.metric.TaskKind;
import java.util.List;

/// The metrics that tasks are measured by.
public final class TaskMetrics {

    private TaskMetrics() {}

    /// The names of all metrics of a task, in the order in which they are printed.
    public static List<String> of(Task task) {
        return Metrics.forKind(kind(task)).stream().map(Metric::name).toList();
    }

    /// The metric that stands for the task where one figure is wanted, as in the mean of early stopping: of those
    /// that lie on the scale of a share, so that a mean over tasks is not ruled by the unit of one label.
    public static String main(Task task) {
        return switch (task) {
            case Task.Binary _ -> "auc";
            case Task.Regression _ -> "r2";
            case Task.Multiclass _ -> "accuracy";
        };
    }

    static TaskKind kind(Task task) {
        return switch (task) {
            case Task.Binary _ -> TaskKind.BINARY;
            case Task.Regression _ -> TaskKind.REGRESSION;
            case Task.Multiclass _ -> TaskKind.MULTICLASS;
        };
    }
}
