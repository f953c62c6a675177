package io.github.corymb.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.feature.Task;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskMetricsTest {

    private static final Task BINARY = new Task.Binary("y", null, null, null);
    private static final Task REGRESSION = new Task.Regression("y", null, null, null, null, null, null);
    private static final Task MULTICLASS = new Task.Multiclass("y", null, null, null, null);

    @Test
    void eachTaskHasTheMetricsOfItsKind() {
        assertEquals(List.of("auc", "gauc", "log_loss", "ne", "pcoc", "ece", "accuracy"), TaskMetrics.of(BINARY));
        assertEquals(List.of("rmse", "mae", "r2"), TaskMetrics.of(REGRESSION));
        assertEquals(List.of("accuracy", "macro_f1", "log_loss"), TaskMetrics.of(MULTICLASS));
    }

    @Test
    void theMainMetricIsOneOfThemOnTheScaleOfAShare() {
        assertEquals("auc", TaskMetrics.main(BINARY));
        assertEquals("r2", TaskMetrics.main(REGRESSION));
        assertEquals("accuracy", TaskMetrics.main(MULTICLASS));
        for (Task task : List.of(BINARY, REGRESSION, MULTICLASS)) {
            assertTrue(TaskMetrics.of(task).contains(TaskMetrics.main(task)), task.type());
        }
    }
}
