package io.github.corymb.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class BinaryLossTest {

    private static final TaskLoss LOSS = new BinaryLoss();

    private static double sigmoid(double z) {
        return 1 / (1 + Math.exp(-z));
    }

    @Test
    void isTheWeightedCrossEntropyOverTheLabelledRows() {
        float[] z = {0.5f, -1.5f, 2, 7};
        float[] y = {1, 0, 0, 0};
        float[] w = {1, 2, 0.5f, 0}; // the last row carries no label
        LossRun run = LossRun.of(LOSS, 1, z, y, w, 3);
        double expected =
                (-1 * Math.log(sigmoid(0.5)) - 2 * Math.log(1 - sigmoid(-1.5)) - 0.5 * Math.log(1 - sigmoid(2))) / 3;
        assertEquals(expected, run.value(), 1e-6);
        assertArrayEquals(
                new float[] {
                    (float) (1 * (sigmoid(0.5) - 1) / 3),
                    (float) (2 * (sigmoid(-1.5) - 0) / 3),
                    (float) (0.5 * (sigmoid(2) - 0) / 3),
                    0
                },
                run.gradient(),
                1e-6f);
    }

    @Test
    void isFiniteAndExactFarOut() {
        float[] z = {200, -200, 200, -200, -30};
        float[] y = {1, 1, 0, 0, 0};
        float[] w = {1, 1, 1, 1, 1};
        LossRun run = LossRun.of(LOSS, 1, z, y, w, 5);
        assertEquals((0 + 200 + 200 + 0 + Math.exp(-30)) / 5, run.value(), 1e-4);
        assertArrayEquals(new float[] {0, -1f / 5, 1f / 5, 0, (float) Math.exp(-30) / 5}, run.gradient(), 1e-8f);
    }

    @Test
    void keepsSmallLossesToTheirLastDigits() {
        LossRun run = LossRun.of(LOSS, 1, new float[] {-30}, new float[] {0}, new float[] {1}, 1);
        assertEquals(Math.log1p(Math.exp(-30)), run.value(), 1e-6 * Math.exp(-30));
    }
}
