package io.github.corymb.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MulticlassLossTest {

    private static final TaskLoss LOSS = new MulticlassLoss();

    @Test
    void isTheWeightedCrossEntropyOverTheLabelledRows() {
        float[] z = {1, 2, 3, 0, 0, 0, 5, -5, 0};
        float[] y = {2, 0, 0};
        float[] w = {1, 2, 0}; // the last row carries no label
        LossRun run = LossRun.of(LOSS, 3, z, y, w, 2);
        double sum = Math.exp(1) + Math.exp(2) + Math.exp(3);
        double first = -Math.log(Math.exp(3) / sum);
        double second = -Math.log(1.0 / 3);
        assertEquals((1 * first + 2 * second) / 2, run.value(), 1e-6);
        assertArrayEquals(
                new float[] {
                    (float) (Math.exp(1) / sum / 2),
                    (float) (Math.exp(2) / sum / 2),
                    (float) ((Math.exp(3) / sum - 1) / 2),
                    (float) (2 * (1.0 / 3 - 1) / 2),
                    (float) (2 * (1.0 / 3) / 2),
                    (float) (2 * (1.0 / 3) / 2),
                    0,
                    0,
                    0
                },
                run.gradient(),
                1e-6f);
    }

    @Test
    void isFiniteFarOut() {
        LossRun run = LossRun.of(LOSS, 2, new float[] {500, -500}, new float[] {1}, new float[] {1}, 1);
        assertEquals(500 - -500, run.value(), 1e-3);
        assertTrue(Float.isFinite(run.gradient()[0]));
    }
}
