package io.github.corymb.tensor.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.tensor.Array;
import io.github.corymb.tensor.DenseOptimizer;
import io.github.corymb.tensor.Device;
import io.github.corymb.tensor.Initial;
import io.github.corymb.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

final class TorchEngineTest {

    private static TorchEngine engine() {
        return new TorchEngine(new Device.Cpu(), 1, 2026);
    }

    private static FloatBuffer direct(float... values) {
        return Array.zeros(values.length).values().put(0, values);
    }

    private static float[] read(TorchEngine engine, Tensor tensor) {
        float[] values = new float[(int) Array.count(tensor.shape())];
        engine.read(tensor, values);
        return values;
    }

    @Test
    void gradientOfALeafIsTheDerivativeOfTheLoss() {
        try (TorchEngine engine = engine();
                Step _ = engine.step(1, true)) {
            Tensor x = engine.leaf(direct(1, 2, 3), 3);
            engine.backward(x.square().sum());
            FloatBuffer gradient = engine.gradient(x);
            for (int i = 0; i < 3; i++) {
                assertEquals(2 * (i + 1), gradient.get(i));
            }
        }
    }

    @Test
    void gradientsAddUpUntilTheyAreZeroed() {
        try (TorchEngine engine = engine()) {
            Tensor w = engine.parameters().parameter("w", new Initial.Constant(3), 1);
            try (Step _ = engine.step(1, true)) {
                engine.backward(w.square().sum());
                engine.backward(w.multiply(4).sum());
                assertEquals(
                        2 * 3 + 4,
                        engine.scalar(
                                new TorchTensor(engine, null, TorchTensor.raw(w).grad())));
                engine.zeroGradients();
                assertEquals(
                        0,
                        engine.scalar(
                                new TorchTensor(engine, null, TorchTensor.raw(w).grad())));
            }
        }
    }

    @Test
    void leafLooksIntoTheCallersMemory() {
        try (TorchEngine engine = engine();
                Step _ = engine.step(1, false)) {
            FloatBuffer memory = direct(1, 2, 3);
            Tensor x = engine.leaf(memory.position(1), 2);
            memory.put(1, 7);
            assertArrayEquals(new float[] {7, 3}, read(engine, x));
        }
    }

    @Test
    void leafOutsideTheLossHasAGradientOfZero() {
        try (TorchEngine engine = engine();
                Step _ = engine.step(1, true)) {
            Tensor used = engine.leaf(direct(1), 1);
            Tensor unused = engine.leaf(direct(1, 2), 2);
            engine.backward(used.sum());
            assertEquals(0, engine.gradient(unused).get(1));
        }
    }

    @Test
    void stopGradientStops() {
        try (TorchEngine engine = engine();
                Step _ = engine.step(1, true)) {
            Tensor x = engine.leaf(direct(3), 1);
            engine.backward(x.multiply(x.stopGradient()).sum());
            assertEquals(3, engine.gradient(x).get(0)); // 6 without the stop
        }
    }

    @Test
    void constantTakesTheFirstValuesOfALongerArray() {
        try (TorchEngine engine = engine();
                Step _ = engine.step(1, false)) {
            assertArrayEquals(new float[] {1, 2}, read(engine, engine.constant(new float[] {1, 2, 3}, 2, 1)));
            assertThrows(IllegalArgumentException.class, () -> engine.constant(new float[3], 2, 2));
        }
    }

    @Test
    void viewsOfAStepAreRefusedOnceItIsClosed() {
        try (TorchEngine engine = engine()) {
            FloatBuffer gradient;
            Tensor old;
            try (Step _ = engine.step(1, true)) {
                old = engine.leaf(direct(1), 1);
                engine.backward(old.sum());
                gradient = engine.gradient(old);
            }
            assertThrows(IllegalStateException.class, () -> gradient.get(0));
            assertThrows(IllegalStateException.class, old::exp);
            try (Step _ = engine.step(2, true)) {
                assertThrows(IllegalStateException.class, old::exp);
            }
        }
    }

    @Test
    void refusesWhatDoesNotFitItsState() {
        TorchEngine engine = engine();
        assertThrows(IllegalStateException.class, () -> engine.constant(new float[1], 1));
        try (Step _ = engine.step(1, false)) {
            Tensor x = engine.leaf(direct(1), 1);
            assertThrows(IllegalStateException.class, () -> engine.step(2, false));
            assertThrows(IllegalStateException.class, () -> engine.backward(x.sum()));
            assertThrows(IllegalArgumentException.class, () -> engine.leaf(FloatBuffer.allocate(1), 1));
            assertThrows(IllegalArgumentException.class, () -> engine.leaf(direct(1), 2));
            assertThrows(IllegalArgumentException.class, () -> engine.scalar(x.expand(2)));
            assertThrows(IllegalArgumentException.class, () -> x.dropout(1));
        }
        engine.close();
        engine.close();
        assertThrows(IllegalStateException.class, () -> engine.step(2, false));
    }

    @Test
    void refusesAnotherThread() throws InterruptedException {
        try (TorchEngine engine = engine();
                Step _ = engine.step(1, false);
                var other = Executors.newSingleThreadExecutor()) {
            Tensor x = engine.constant(new float[] {1}, 1);
            var result = other.submit(() -> assertThrows(IllegalStateException.class, x::exp));
            other.shutdown();
            assertTrue(other.awaitTermination(1, TimeUnit.MINUTES));
            assertEquals(Future.State.SUCCESS, result.state());
        }
    }

    @Test
    void refusesADeviceThatIsNotThere() {
        assertThrows(IllegalArgumentException.class, () -> new TorchEngine(new Device.Cuda(99), 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new TorchEngine(new Device.Cpu(), 0, 1));
    }

    @Test
    void dropoutKeepsTheMeanAndDependsOnSeedAndStepAlone() {
        int count = 20_000;
        double rate = 0.3;
        float[] first = dropped(2026, 5, rate, count);
        assertArrayEquals(first, dropped(2026, 5, rate, count));
        assertFalse(Arrays.equals(first, dropped(2026, 6, rate, count)));
        assertFalse(Arrays.equals(first, dropped(2027, 5, rate, count)));
        double sum = 0;
        for (float value : first) {
            assertTrue(value == 0 || value == (float) (1 / (1 - rate)));
            sum += value;
        }
        // The standard deviation of a factor is √(rate / (1 − rate)).
        assertEquals(1, sum / count, 4 * Math.sqrt(rate / (1 - rate) / count));
    }

    private static float[] dropped(long seed, long step, double rate, int count) {
        try (TorchEngine engine = new TorchEngine(new Device.Cpu(), 1, seed);
                Step _ = engine.step(step, true)) {
            float[] ones = new float[count];
            Arrays.fill(ones, 1);
            return read(engine, engine.constant(ones, count).dropout(rate));
        }
    }

    @Test
    void dropoutsOfOneStepDiffer() {
        try (TorchEngine engine = engine();
                Step _ = engine.step(1, true)) {
            Tensor x = engine.constant(new float[64], 64).add(1);
            assertFalse(Arrays.equals(read(engine, x.dropout(0.5)), read(engine, x.dropout(0.5))));
        }
    }

    @Test
    void dropoutDoesNothingInPrediction() {
        try (TorchEngine engine = engine();
                Step _ = engine.step(1, false)) {
            Tensor x = engine.constant(new float[] {1, 2, 3}, 3);
            assertArrayEquals(new float[] {1, 2, 3}, read(engine, x.dropout(0.9)));
        }
    }

    @Test
    void batchNormMovesTheRunningMomentsByTheirShare() {
        try (TorchEngine engine = engine()) {
            Tensor scale = engine.parameters().parameter("scale", new Initial.Constant(1), 1);
            Tensor shift = engine.parameters().parameter("shift", new Initial.Constant(0), 1);
            Tensor mean = engine.parameters().buffer("mean", 1, 1);
            Tensor variance = engine.parameters().buffer("variance", 2, 1);
            try (Step _ = engine.step(1, true)) {
                Tensor x = engine.constant(new float[] {3, 5}, 2, 1);
                float[] values = read(engine, x.batchNorm(scale, shift, mean, variance, 0.1, 0));
                assertArrayEquals(new float[] {-1, 1}, values, 1e-6f); // (3 − 4) / 1, (5 − 4) / 1
                assertEquals(0.9 * 1 + 0.1 * 4, engine.scalar(mean), 1e-6);
                assertEquals(0.9 * 2 + 0.1 * 2, engine.scalar(variance), 1e-6); // ((3 − 4)² + (5 − 4)²) / (2 − 1)
            }
            try (Step _ = engine.step(2, true)) { // one row: the running moments, which stay
                Tensor x = engine.constant(new float[] {3.3f}, 1, 1);
                float[] values = read(engine, x.batchNorm(scale, shift, mean, variance, 0.1, 0));
                assertEquals((3.3 - 1.3) / Math.sqrt(2), values[0], 1e-5);
                assertEquals(1.3, engine.scalar(mean), 1e-6);
            }
            try (Step _ = engine.step(3, false)) {
                Tensor x = engine.constant(new float[] {1.3f, 3.3f}, 2, 1);
                float[] values = read(engine, x.batchNorm(scale, shift, mean, variance, 0.1, 0));
                assertEquals((3.3 - 1.3) / Math.sqrt(2), values[1], 1e-5);
                assertEquals(1.3, engine.scalar(mean), 1e-6);
            }
        }
    }

    @Test
    void theSameSeedGivesTheSameBits() {
        assertArrayEquals(trained(1, 30), trained(1, 30));
        assertFalse(Arrays.equals(trained(1, 3), trained(2, 3)));
    }

    @Test
    void stepsLeaveNothingBehind() {
        trained(1, 10);
        long before = Pointer.totalCount();
        trained(1, 500);
        long after = Pointer.totalCount();
        assertTrue(after <= before, before + " became " + after); // fewer where another test's were collected meanwhile
    }

    /// The weights after some steps of a small network with dropout.
    private static float[] trained(long seed, int steps) {
        try (TorchEngine engine = new TorchEngine(new Device.Cpu(), 2, seed)) {
            Tensor first = engine.parameters().parameter("first", new Initial.HeUniform(), 16, 8);
            Tensor last = engine.parameters().parameter("last", new Initial.GlorotUniform(), 1, 16);
            TorchOptimizer optimizer =
                    new TorchOptimizer(engine, new DenseOptimizer.Adam(null, null, null, null, null));
            FloatBuffer input = Array.zeros(32, 8).values();
            new SplittableRandom(3).doubles(32 * 8, -1, 1).forEach(value -> input.put((float) value));
            input.clear();
            for (int step = 1; step <= steps; step++) {
                try (Step _ = engine.step(step, true)) {
                    engine.zeroGradients();
                    Tensor x = engine.leaf(input, 32, 8); // [B, D]
                    Tensor y = x.linear(first).relu().dropout(0.2).linear(last); // [B, 1]
                    engine.backward(y.subtract(x.narrow(1, 0, 1)).square().mean());
                    assertEquals(32 * 8, engine.gradient(x).remaining());
                    optimizer.step(1);
                }
            }
            float[] weights = new float[16 * 8];
            engine.parameters().read().get("first").values().get(weights);
            return weights;
        }
    }
}
