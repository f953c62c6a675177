package io.github.corymb.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.corymb.feature.Task;
import org.junit.jupiter.api.Test;

class RegressionLossTest {

    private static final float[] Z = {1, 4, -2, 9};
    private static final float[] Y = {2, 0.5f, -2.5f, 0};
    private static final float[] W = {1, 2, 0.5f, 0}; // the last row carries no label

    private static TaskLoss loss(Task.RegressionLoss loss, Double delta, Task.LabelScale scale) {
        return TaskLoss.of(new Task.Regression("y", null, null, null, loss, delta, scale));
    }

    @Test
    void squaresTheErrorUnlessToldOtherwise() {
        LossRun run = LossRun.of(loss(null, null, null), 1, Z, Y, W, 3);
        assertEquals((1 * 1.0 * 1.0 + 2 * 3.5 * 3.5 + 0.5 * 0.5 * 0.5) / 3, run.value(), 1e-6);
        assertArrayEquals(
                new float[] {1 * 2 * -1f / 3, 2 * 2 * 3.5f / 3, 0.5f * 2 * 0.5f / 3, 0}, run.gradient(), 1e-6f);
    }

    @Test
    void takesTheAbsoluteError() {
        LossRun run = LossRun.of(loss(Task.RegressionLoss.ABSOLUTE, null, null), 1, Z, Y, W, 3);
        assertEquals((1 * 1 + 2 * 3.5 + 0.5 * 0.5) / 3, run.value(), 1e-6);
        assertArrayEquals(new float[] {-1f / 3, 2f / 3, 0.5f / 3, 0}, run.gradient(), 1e-6f);
    }

    @Test
    void turnsFromSquaredToAbsoluteAtDelta() {
        LossRun run = LossRun.of(loss(Task.RegressionLoss.HUBER, 0.75, null), 1, Z, Y, W, 3);
        double expected = (1 * 0.75 * (1 - 0.75 / 2) + 2 * 0.75 * (3.5 - 0.75 / 2) + 0.5 * 0.5 * 0.5 / 2) / 3;
        assertEquals(expected, run.value(), 1e-6);
        assertArrayEquals(new float[] {-1 * 0.75f / 3, 2 * 0.75f / 3, 0.5f * 0.5f / 3, 0}, run.gradient(), 1e-6f);
    }

    @Test
    void hasNoSlopeWithoutAnError() {
        for (Task.RegressionLoss loss : Task.RegressionLoss.values()) {
            float[] y = {2, 2};
            LossRun run = LossRun.of(loss(loss, null, null), 1, y, y, new float[] {1, 1}, 2);
            assertEquals(0, run.value());
            assertArrayEquals(new float[] {0, 0}, run.gradient());
        }
    }

    @Test
    void comparesWithTheLogarithmOnTheLogScale() {
        float[] y = {0, (float) Math.E - 1, 99, 0};
        LossRun run = LossRun.of(loss(null, null, Task.LabelScale.LOG), 1, Z, y, W, 3);
        double third = -2 - Math.log(1 + 99);
        assertEquals((1 * 1.0 * 1.0 + 2 * 3.0 * 3.0 + 0.5 * third * third) / 3, run.value(), 1e-5);
        assertArrayEquals(
                new float[] {1 * 2 * 1f / 3, 2 * 2 * 3f / 3, (float) (0.5 * 2 * third / 3), 0}, run.gradient(), 1e-5f);
    }
}
