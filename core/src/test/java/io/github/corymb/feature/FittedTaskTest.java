package io.github.corymb.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FittedTaskTest {

    private static final Task.Binary BINARY = new Task.Binary("y", null, null, null);

    @Test
    void aBinaryTaskPredictsTheSigmoid() {
        FittedTask task = new FittedTask("t", BINARY, List.of(), 0.5);
        assertEquals(1, task.width());
        assertEquals(1 / (1 + Math.exp(-2)), predict(task, 2f)[0], 1e-15);
        assertEquals(1 / (1 + Math.exp(2)), predict(task, -2f)[0], 1e-15);
        assertEquals(0.5, predict(task, 0f)[0]);
        assertEquals(1, predict(task, 3e38f)[0]);
        assertEquals(0, predict(task, -3e38f)[0]);
        assertEquals(Math.exp(-700), predict(task, -700f)[0], 1e-310); // not rounded to 0 before its time
    }

    @Test
    void aRegressionPredictsItsLabel() {
        FittedTask linear = new FittedTask("t", regression(Task.LabelScale.LINEAR), List.of(), 0);
        FittedTask log = new FittedTask("t", regression(Task.LabelScale.LOG), List.of(), 0);
        assertEquals(-1.5, predict(linear, -1.5f)[0]);
        assertEquals(Math.exp(1.5) - 1, predict(log, 1.5f)[0], 1e-15 * Math.exp(1.5));
        assertEquals(7, predict(log, (float) Math.log1p(7))[0], 1e-6);
    }

    @Test
    void aMulticlassTaskPredictsTheSoftmax() {
        FittedTask task = new FittedTask("t", multiclass(), List.of("a", "b", "c"), 0);
        assertEquals(3, task.width());
        double sum = 1 + Math.exp(1) + Math.exp(-1);
        assertArrayEquals(new double[] {1 / sum, Math.E / sum, 1 / Math.E / sum}, predict(task, 0f, 1f, -1f), 1e-15);
        assertArrayEquals(new double[] {0.5, 0.5, 0}, predict(task, 3e38f, 3e38f, 0f));
    }

    @Test
    void onlyItsRowIsTouched() {
        FittedTask task = new FittedTask("t", multiclass(), List.of("a", "b"), 0);
        double[] into = {9, 9, 9, 9};
        task.predict(new float[] {5, 1, 1, 5}, 1, into, 1);
        assertArrayEquals(new double[] {9, 0.5, 0.5, 9}, into);
    }

    @Test
    void theJsonOfATaskGivesItBack() throws JsonProcessingException {
        ObjectMapper json = new ObjectMapper();
        for (FittedTask task : List.of(
                new FittedTask("t", multiclass(), List.of("b", "a"), 0),
                new FittedTask("u", regression(Task.LabelScale.LOG), List.of(), 1.0 / 3),
                new FittedTask("v", BINARY, List.of(), 0.1))) {
            assertEquals(task, json.readValue(json.writeValueAsString(task), FittedTask.class));
        }
    }

    @Test
    void oneClassIsTooFew() {
        assertEquals(
                "task 't': expected at least 2 classes, found [a]",
                assertThrows(InputException.class, () -> new FittedTask("t", multiclass(), List.of("a"), 0))
                        .getMessage());
    }

    private static double[] predict(FittedTask task, float... outputs) {
        double[] into = new double[task.width()];
        task.predict(outputs, 0, into, 0);
        return into;
    }

    private static Task regression(Task.LabelScale scale) {
        return new Task.Regression("y", null, null, null, null, null, scale);
    }

    private static Task multiclass() {
        return new Task.Multiclass("y", null, null, null, null);
    }
}
