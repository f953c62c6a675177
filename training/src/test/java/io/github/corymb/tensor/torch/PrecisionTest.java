package io.github.corymb.tensor.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.tensor.Array;
import io.github.corymb.tensor.Device;
import io.github.corymb.tensor.Initial;
import io.github.corymb.tensor.Precision;
import io.github.corymb.tensor.Tensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

final class PrecisionTest {

    private static final Path CPU = Path.of("/proc/cpuinfo");
    private static final float FINE = 1 + 1f / 512; // 9 bits of significand: bfloat16 makes 1 of it

    private static TorchEngine engine(Precision precision) {
        return new TorchEngine(new Device.Cpu(), precision, 1, 2026);
    }

    private static FloatBuffer fine() {
        return Array.zeros(4).values().put(0, new float[] {FINE, FINE, FINE, FINE});
    }

    /// The values and the gradient of x in y = Σ x · w with w = 1 and every x = 1 + 1/512.
    private static float[] forward(TorchEngine engine, Tensor w, boolean training) {
        try (Step _ = engine.step(1, training)) {
            Tensor x = engine.leaf(fine(), 1, 4);
            Tensor y = engine.forward(() -> List.of(x.linear(w))).getFirst(); // [1, 1]
            float[] result = new float[5];
            engine.read(y, result);
            if (training) {
                engine.zeroGradients();
                engine.backward(y.sum());
                engine.gradient(x).get(result, 1, 4);
            }
            return result;
        }
    }

    @Test
    @EnabledIf("tellsItsInstructions")
    void bfloat16IsWarnedOfWhereItIsSlow() throws IOException {
        String instructions = Files.readString(CPU);
        boolean slow = instructions.contains(" avx2 ") && !instructions.contains(" avx512bw ");
        try (TorchEngine narrow = engine(Precision.BFLOAT16);
                TorchEngine plain = engine(Precision.FLOAT32)) {
            assertEquals(slow ? 1 : 0, narrow.warnings().size());
            assertEquals(List.of(), plain.warnings());
        }
    }

    static boolean tellsItsInstructions() {
        return Files.isReadable(CPU);
    }

    @Test
    void bfloat16RoundsTheFactorsOfProductsWhileTrainingAndNothingElse() {
        try (TorchEngine engine = engine(Precision.BFLOAT16)) {
            Tensor w = engine.parameters().parameter("w", new Initial.Constant(1), 1, 4);
            assertArrayEquals(new float[] {4 * 1, 1, 1, 1, 1}, forward(engine, w, true), 0);
            assertEquals(4 * FINE, forward(engine, w, false)[0], "evaluation is float32");
            try (Step _ = engine.step(2, true)) {
                float[] y = new float[1];
                engine.read(engine.leaf(fine(), 1, 4).linear(w), y);
                assertEquals(4 * FINE, y[0], "the setting ends with the forward pass");
            }
        }
    }

    @Test
    void float32RoundsNothing() {
        try (TorchEngine engine = engine(Precision.FLOAT32)) {
            Tensor w = engine.parameters().parameter("w", new Initial.Constant(1), 1, 4);
            assertArrayEquals(new float[] {4 * FINE, 1, 1, 1, 1}, forward(engine, w, true), 0);
        }
    }

    @Test
    void aFailedForwardPassLeavesNoSettingBehind() {
        try (TorchEngine engine = engine(Precision.BFLOAT16)) {
            Tensor w = engine.parameters().parameter("w", new Initial.Constant(1), 1, 4);
            try (Step _ = engine.step(1, true)) {
                assertThrows(
                        IllegalStateException.class,
                        () -> engine.forward(() -> {
                            throw new IllegalStateException("no pass");
                        }));
                float[] y = new float[1];
                engine.read(engine.leaf(fine(), 1, 4).linear(w), y);
                assertEquals(4 * FINE, y[0]);
            }
        }
    }

    @Test
    void gradientsThatAreNoNumbersAreSeenInParametersAndLeaves() {
        try (TorchEngine engine = engine(Precision.FLOAT32)) {
            Tensor w = engine.parameters().parameter("w", new Initial.Constant(1), 1, 4);
            for (float factor : new float[] {1, Float.NaN, Float.POSITIVE_INFINITY}) {
                try (Step _ = engine.step(1, true)) {
                    Tensor x = engine.leaf(fine(), 1, 4);
                    engine.zeroGradients();
                    engine.backward(w.multiply(factor).sum().add(x.sum()));
                    assertEquals(factor == 1, engine.hasFiniteGradients(List.of(x)));
                }
                try (Step _ = engine.step(2, true)) {
                    Tensor x = engine.leaf(fine(), 1, 4);
                    engine.zeroGradients();
                    engine.backward(w.sum().add(x.multiply(factor).sum()));
                    assertEquals(factor == 1, engine.hasFiniteGradients(List.of(x)));
                    assertTrue(engine.hasFiniteGradients(List.of()));
                }
            }
        }
    }

    @Test
    void rememberedBuffersComeBackAsTheyWere() {
        try (TorchEngine engine = engine(Precision.FLOAT32)) {
            Tensor mean = engine.parameters().buffer("mean", 0, 4);
            Tensor variance = engine.parameters().buffer("variance", 1, 4);
            Tensor one = engine.parameters().parameter("one", new Initial.Constant(1), 4);
            FloatBuffer rows = Array.zeros(2, 4).values().put(0, new float[] {1, 2, 3, 4, 5, 6, 7, Float.NaN});
            engine.parameters().rememberBuffers();
            try (Step _ = engine.step(1, true)) {
                Tensor unused = engine.leaf(rows, 2, 4).batchNorm(one, one, mean, variance, 0.1, 1e-5);
                assertEquals(2, unused.shape()[0]);
            }
            assertFalse(engine.parameters().read().get("mean").values().get(0) == 0);
            engine.parameters().restoreBuffers();
            float[] values = new float[4];
            engine.parameters().read().get("mean").values().get(values);
            assertArrayEquals(new float[4], values, 0);
        }
    }
}
