package io.github.corymb.train;

import io.github.corymb.feature.FittedTask;
import io.github.corymb.metric.Metric;
import io.github.corymb.metric.Metrics;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The metrics of all tasks on the validation rows, and how good they are by the metric that decides.
///
/// @param byTask task → metric → value; null where the rows do not define it
/// @param mains task → the merit of its main metric; NaN where not defined
record ValidationMetrics(Map<String, Map<String, Double>> byTask, Map<String, Double> mains) {

    static ValidationMetrics of(Evaluation evaluation) {
        Map<String, Map<String, Double>> byTask = new LinkedHashMap<>();
        Map<String, Double> mains = new LinkedHashMap<>();
        for (Evaluation.TaskScores scores : evaluation.tasks()) {
            FittedTask task = scores.task();
            Map<String, Double> values = Evaluation.metrics(task, scores.scored());
            byTask.put(task.name(), values);
            Metric main = Metrics.named(TaskMetrics.main(task.task()));
            mains.put(task.name(), merit(main, values.get(main.name())));
        }
        return new ValidationMetrics(byTask, mains);
    }

    /// The merit of `task.metric`, or the mean merit of all tasks' main metrics for [EarlyStopping#MEAN], leaving out
    /// tasks where it is not defined; more is better. NaN where nothing is defined.
    double merit(String metric) {
        if (metric.equals(EarlyStopping.MEAN)) {
            return mains.values().stream()
                    .mapToDouble(Double::doubleValue)
                    .filter(value -> !Double.isNaN(value))
                    .average()
                    .orElse(Double.NaN);
        }
        int dot = metric.lastIndexOf('.');
        String name = metric.substring(dot + 1);
        return merit(Metrics.named(name), byTask.get(metric.substring(0, dot)).get(name));
    }

    /// `task.metric` → value, where defined.
    SortedMap<String, Double> flat() {
        SortedMap<String, Double> flat = new TreeMap<>();
        byTask.forEach((task, values) -> values.forEach((name, value) -> {
            if (value != null) {
                flat.put(task + "." + name, value);
            }
        }));
        return Collections.unmodifiableSortedMap(flat);
    }

    private static double merit(Metric metric, Double value) {
        return value == null ? Double.NaN : metric.goal().merit(value);
    }
}
