package io.github.corymb.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.corymb.feature.Task;
import io.github.corymb.metric.Metric;
import io.github.corymb.metric.Metrics;
import io.github.corymb.metric.TaskKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskMetricsTest {

    @Test
    void theNamesAreThoseOfTheMetricsThatAreComputed() {
        assertEquals(namesOf(TaskKind.BINARY), TaskMetrics.of(new Task.Binary("y", null, null, null)));
        assertEquals(
                namesOf(TaskKind.REGRESSION),
                TaskMetrics.of(new Task.Regression("y", null, null, null, null, null, null)));
        assertEquals(namesOf(TaskKind.MULTICLASS), TaskMetrics.of(new Task.Multiclass("y", null, null, null, null)));
    }

    @Test
    void theMainMetricIsTheFirst() {
        assertEquals("auc", TaskMetrics.main(new Task.Binary("y", null, null, null)));
        assertEquals("accuracy", TaskMetrics.main(new Task.Multiclass("y", null, null, null, null)));
    }

    private static List<String> namesOf(TaskKind kind) {
        return Metrics.forKind(kind).stream().map(Metric::name).toList();
    }
}
