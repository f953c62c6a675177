package io.github.corymb.tensor.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.corymb.tensor.Array;
import io.github.corymb.tensor.Device;
import io.github.corymb.tensor.Initial;
import io.github.corymb.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// bfloat16 has 8 bits of significand: 1 + 1/512 becomes 1, 257 becomes 256, 259 becomes 260, and 258 is 258.
final class RoundedProductsTest {

    private static final float FINE = 1 + 1f / 512;

    private final TorchEngine engine = new TorchEngine(new Device.Cpu(), 1, 2026);

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void factorsAndResultsAreRoundedAndSumsAreNot() {
        Tensor w = engine.parameters().parameter("w", new Initial.Constant(FINE), 1, 3);
        Tensor b = engine.parameters().parameter("b", new Initial.Constant(FINE), 1);
        try (Step step = engine.step(1, true)) {
            Tensor x = engine.constant(new float[] {256, FINE, FINE, 256, FINE, 0}, 2, 3);
            assertArrayEquals(new float[] {258, 256}, values(2, during(step, () -> x.linear(w))));
            assertArrayEquals(new float[] {260, 258}, values(2, during(step, () -> x.linear(w, b))));
            assertArrayEquals(new float[] {258, 256}, values(2, during(step, () -> x.matmul(w.transpose(0, 1)))));
            float[] exact = {(256 + FINE + FINE) * FINE, (256 + FINE) * FINE};
            assertArrayEquals(exact, values(2, x.linear(w)), 1e-4f, "the setting ends with the pass");
        }
    }

    /// y = Σ x w, loss = y · 1.002: the gradient of x is w, both rounded.
    @Test
    void gradientsAreRounded() {
        Tensor w = engine.parameters().parameter("w", new Initial.Constant(FINE), 1, 3);
        try (Step step = engine.step(1, true)) {
            Tensor x = engine.leaf(Array.zeros(3).values().put(0, new float[] {1, 1, 1}), 1, 3);
            Tensor y = during(step, () -> x.linear(w));
            engine.zeroGradients();
            engine.backward(y.multiply(FINE).sum());
            float[] gradient = new float[3];
            engine.gradient(x).get(gradient);
            assertArrayEquals(new float[] {1, 1, 1}, gradient);
        }
    }

    /// A step's tensor is rounded once; a parameter, which changes between steps, each time.
    @Test
    void aParameterIsRoundedAnew() {
        Tensor w = engine.parameters().parameter("w", new Initial.Constant(1), 1, 1);
        for (int number = 1; number <= 2; number++) {
            try (Step step = engine.step(number, true)) {
                Tensor x = engine.constant(new float[] {FINE}, 1, 1);
                assertEquals(number, values(1, during(step, () -> x.linear(w).add(x.linear(w))))[0] / 2);
                TorchTensor.raw(w).detach().mul_(engine.number(2));
            }
        }
    }

    private static Tensor during(Step step, Supplier<Tensor> pass) {
        return RoundedProducts.during(step, () -> List.of(pass.get())).getFirst();
    }

    private float[] values(int count, Tensor tensor) {
        float[] values = new float[count];
        engine.read(tensor, values);
        return values;
    }
}
