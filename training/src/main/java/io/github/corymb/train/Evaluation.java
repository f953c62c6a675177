package io.github.corymb.train;

import io.github.corymb.feature.FittedTask;
import io.github.corymb.metric.Metric;
import io.github.corymb.metric.Metrics;
import io.github.corymb.metric.Scored;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/// What a model predicted for the rows of a data set, task by task, and the metrics of it.
///
/// @param tasks in the order of the tasks
public record Evaluation(List<TaskScores> tasks) {

    /// The predictions of one task for its labelled rows.
    ///
    /// @param task the task
    /// @param scored predictions, labels, weights and users of the labelled rows
    /// @param rows the place of each labelled row among all rows
    @SuppressWarnings("ArrayRecordComponent") // large, never compared
    public record TaskScores(FittedTask task, Scored scored, int[] rows) {

        /// The scores of the rows whose code is `code`.
        ///
        /// @param codes a code for each row, by its place among all rows
        public Scored where(int[] codes, int code) {
            int[] selected = IntStream.range(0, rows.length)
                    .filter(i -> codes[rows[i]] == code)
                    .toArray();
            return scored.select(selected);
        }
    }

    /// The metrics that apply to a task, in the order to print.
    public static List<Metric> metricsOf(FittedTask task) {
        return Metrics.forKind(TaskMetrics.kind(task.task()));
    }

    /// All metrics of these rows by name; null where the rows do not define one, such as the AUC of one class.
    public static Map<String, Double> metrics(FittedTask task, Scored scored) {
        Map<String, Double> values = new LinkedHashMap<>();
        for (Metric metric : metricsOf(task)) {
            OptionalDouble value = metric.compute(scored);
            values.put(metric.name(), value.isPresent() ? value.getAsDouble() : null);
        }
        return values;
    }
}
