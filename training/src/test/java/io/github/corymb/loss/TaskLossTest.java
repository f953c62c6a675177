package io.github.corymb.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.corymb.feature.Task;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the loss of every kind of task promises.
class TaskLossTest {

    private static final float[] Z = {1, -2, 0.5f, 3, 0, -1};
    private static final float[] Y = {1, 0, 1};

    static Stream<Task> tasks() {
        List<Task> regressions = Stream.of(Task.RegressionLoss.values())
                .flatMap(loss -> Stream.of(Task.LabelScale.values())
                        .<Task>map(scale -> new Task.Regression("y", null, null, null, loss, null, scale)))
                .toList();
        return Stream.concat(
                Stream.of(
                        new Task.Binary("y", null, null, null),
                        new Task.Multiclass("y", null, null, null, List.of("a", "b"))),
                regressions.stream());
    }

    private static int width(Task task) {
        return task instanceof Task.Multiclass ? 2 : 1;
    }

    private static LossRun run(Task task, int rowCount, float[] weight, int labelledRowCount) {
        float[] z = Arrays.copyOf(Z, rowCount * width(task));
        return LossRun.of(TaskLoss.of(task), width(task), z, Arrays.copyOf(Y, rowCount), weight, labelledRowCount);
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void aRowWithoutALabelChangesNothing(Task task) {
        LossRun without = run(task, 2, new float[] {1, 2}, 2);
        LossRun with = run(task, 3, new float[] {1, 2, 0}, 2);
        assertEquals(without.value(), with.value(), 1e-7 * without.value());
        float[] padded = Arrays.copyOf(without.gradient(), with.gradient().length);
        assertArrayEquals(padded, with.gradient(), 1e-7f);
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void aBatchWithoutAnyLabelIsZeroInValueAndGradient(Task task) {
        LossRun run = run(task, 3, new float[] {0, 0, 0}, 0);
        assertEquals(0, run.value());
        for (float gradient : run.gradient()) {
            assertEquals(0, Math.abs(gradient)); // −0 is 0
        }
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void scalesWithTheWeightsOfItsRows(Task task) {
        LossRun one = run(task, 3, new float[] {1, 2, 3}, 3);
        LossRun tenth = run(task, 3, new float[] {0.1f, 0.2f, 0.3f}, 3);
        assertEquals(0.1 * one.value(), tenth.value(), 1e-6 * one.value());
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void isTheMeanOfItsRows(Task task) {
        double sum = 0;
        for (int row = 0; row < 3; row++) {
            float[] weight = {0, 0, 0};
            weight[row] = 1;
            sum += run(task, 3, weight, 1).value();
        }
        assertEquals(sum / 3, run(task, 3, new float[] {1, 1, 1}, 3).value(), 1e-6 * sum);
    }
}
