package io.github.corymb.tensor.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.tensor.Array;
import io.github.corymb.tensor.Device;
import io.github.corymb.tensor.Initial;
import io.github.corymb.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class LanesTest {

    private static final int ROWS = 1000;

    private static TorchEngine engine() {
        return new TorchEngine(new Device.Cpu(), 3, 2026);
    }

    /// The gradient of Σ_b Σ_j (x_b Wᵀ)_j², with x [ROWS, 4] and W [2, 4], as lanes find it together.
    private static float[] gradient(int threadCount, int[] laneCount) {
        FloatBuffer x = Array.zeros(ROWS, 4).values();
        for (int i = 0; i < ROWS * 4; i++) {
            x.put(i, (float) Math.sin(i));
        }
        try (TorchEngine engine = engine()) {
            Tensor w = engine.parameters().parameter("w", new Initial.Normal(1), 2, 4);
            engine.parameters().freeze();
            try (Lanes lanes = new Lanes(engine, threadCount)) {
                int count = lanes.count(ROWS);
                laneCount[0] = count;
                lanes.run(count, lane -> {
                    int from = ROWS * lane / count;
                    int rows = ROWS * (lane + 1) / count - from;
                    engine.openStep(1, true, lane);
                    engine.zeroGradients();
                    Tensor part = engine.leaf(x.slice(from * 4, rows * 4), rows, 4);
                    engine.backward(part.linear(w).square().sum());
                });
                engine.joinGradients(count);
                lanes.run(count, engine::closeStep);
                float[] gradient = new float[2 * 4];
                engine.parameters()
                        .split(engine.parameters().flatGradients())
                        .get("w")
                        .values()
                        .get(0, gradient);
                return gradient;
            }
        }
    }

    @Test
    void theGradientsOfLanesSumToThatOfTheWholeBatch() {
        int[] count = new int[1];
        float[] whole = gradient(1, count);
        assertEquals(1, count[0]);
        for (int threads : new int[] {2, 3, 7, 50}) {
            float[] divided = gradient(threads, count);
            assertEquals(Math.min(threads, ROWS / 128), count[0]);
            for (int i = 0; i < whole.length; i++) {
                assertEquals(whole[i], divided[i], 1e-5 * Math.abs(whole[i]));
            }
            assertArrayEquals(divided, gradient(threads, count)); // to the bit
        }
    }

    @Test
    void aLaneHasOneThreadAndItsCallerAll() {
        try (TorchEngine engine = engine();
                Lanes lanes = new Lanes(engine, 3)) {
            var threads = new ConcurrentHashMap<Integer, Thread>();
            var counts = new ConcurrentHashMap<Integer, Integer>();
            IntConsumer note = lane -> {
                Thread before = threads.put(lane, Thread.currentThread());
                assertTrue(before == null || before == Thread.currentThread());
                counts.put(lane, torch.get_num_threads());
            };
            lanes.run(3, note);
            lanes.run(3, note);
            assertEquals(3, threads.values().stream().distinct().count());
            assertTrue(counts.values().stream().allMatch(count -> count == 1), counts::toString);
            assertEquals(3, torch.get_num_threads());
        }
    }

    @Test
    void lanesRunAtOnceAndAFaultOfOneStopsNoOther() {
        try (TorchEngine engine = engine();
                Lanes lanes = new Lanes(engine, 3)) {
            CountDownLatch all = new CountDownLatch(3);
            AtomicInteger done = new AtomicInteger();
            IntConsumer work = lane -> {
                all.countDown();
                try {
                    all.await(); // ends only if all are there
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                done.incrementAndGet();
                if (lane == 1) {
                    throw new ArithmeticException("lane 1");
                }
            };
            assertEquals(
                    "lane 1",
                    assertThrows(ArithmeticException.class, () -> lanes.run(3, work))
                            .getMessage());
            assertEquals(3, done.get());
        }
    }

    @Test
    void dropsOutOthersInEachLane() {
        try (TorchEngine engine = engine();
                Lanes lanes = new Lanes(engine, 2)) {
            float[][] masks = new float[2][256];
            lanes.run(2, lane -> {
                engine.openStep(5, true, lane);
                float[] ones = new float[256];
                Arrays.fill(ones, 1);
                engine.read(engine.constant(ones, 256).dropout(0.5), masks[lane]);
                engine.closeStep(lane);
            });
            assertNotEquals(Arrays.toString(masks[0]), Arrays.toString(masks[1]));
        }
    }

    @Test
    void aModelThatKeepsTheMomentsOfABatchIsNotDivided() {
        try (TorchEngine engine = engine()) {
            engine.parameters().buffer("mean", 0, 3);
            try (Lanes lanes = new Lanes(engine, 2)) {
                assertEquals(1, lanes.count(1_000_000));
            }
        }
    }
}
