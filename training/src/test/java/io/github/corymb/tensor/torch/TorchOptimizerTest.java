package io.github.corymb.tensor.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.corymb.tensor.Array;
import io.github.corymb.tensor.DenseOptimizer;
import io.github.corymb.tensor.Device;
import io.github.corymb.tensor.Initial;
import io.github.corymb.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class TorchOptimizerTest {

    /// One engine with two parameters and the loss Σ c θ² / 2, so that the gradient is c θ.
    private static final class Quadratic implements AutoCloseable {
        private static final float[] CURVATURE = {1, 2, 0.5f};
        private static final double[] START = {1, 1, -2};
        private final TorchEngine engine = new TorchEngine(new Device.Cpu(), 1, 1);
        private final Tensor a = engine.parameters().parameter("a", new Initial.Constant(START[0]), 2);
        private final Tensor b = engine.parameters().parameter("b", new Initial.Constant(START[2]), 1);
        private final TorchOptimizer optimizer;

        Quadratic(DenseOptimizer specification) {
            optimizer = new TorchOptimizer(engine, specification);
        }

        void backward(int step) {
            try (Step _ = engine.step(step, true)) {
                engine.zeroGradients();
                Tensor all = a.concat(List.of(b), 0);
                engine.backward(all.square()
                        .multiply(engine.constant(CURVATURE, 3))
                        .multiply(0.5)
                        .sum());
            }
        }

        double[] values() {
            Map<String, Array> arrays = engine.parameters().read();
            return new double[] {
                arrays.get("a").values().get(0),
                arrays.get("a").values().get(1),
                arrays.get("b").values().get(0)
            };
        }

        @Override
        public void close() {
            engine.close();
        }
    }

    /// The same steps on one number, in double, as the formulas stand.
    private static final class PlainOptimizer {
        private final DenseOptimizer specification;
        private double first;
        private double second;

        PlainOptimizer(DenseOptimizer specification) {
            this.specification = specification;
            if (specification instanceof DenseOptimizer.Adagrad adagrad) {
                second = adagrad.initialAccumulator();
            }
        }

        double step(double theta, double gradient, double scale, int t) {
            double rate = specification.rate() * scale;
            double decay = specification.weightDecay();
            return switch (specification) {
                case DenseOptimizer.Adam s ->
                    theta - adam(gradient + decay * theta, rate, s.beta1(), s.beta2(), s.epsilon(), t);
                case DenseOptimizer.AdamW s ->
                    theta - rate * decay * theta - adam(gradient, rate, s.beta1(), s.beta2(), s.epsilon(), t);
                case DenseOptimizer.Sgd s -> {
                    double g = gradient + decay * theta;
                    first = s.momentum() * first + g;
                    yield theta - rate * (s.nesterov() ? g + s.momentum() * first : first);
                }
                case DenseOptimizer.Adagrad s -> {
                    double g = gradient + decay * theta;
                    second += g * g;
                    yield theta - rate * g / (Math.sqrt(second) + s.epsilon());
                }
            };
        }

        private double adam(double g, double rate, double beta1, double beta2, double epsilon, int t) {
            first = beta1 * first + (1 - beta1) * g;
            second = beta2 * second + (1 - beta2) * g * g;
            double mean = first / (1 - Math.pow(beta1, t));
            double square = second / (1 - Math.pow(beta2, t));
            return rate * mean / (Math.sqrt(square) + epsilon);
        }
    }

    private static Stream<DenseOptimizer> specifications() {
        return Stream.of(
                new DenseOptimizer.Adam(0.1, null, null, null, null),
                new DenseOptimizer.Adam(0.1, 0.8, 0.9, 1e-3, 0.2),
                new DenseOptimizer.AdamW(0.1, null, null, null, 0.3),
                new DenseOptimizer.Sgd(0.1, null, null, 0.1),
                new DenseOptimizer.Sgd(0.1, 0.9, false, null),
                new DenseOptimizer.Sgd(0.1, 0.9, true, 0.1),
                new DenseOptimizer.Adagrad(0.1, null, null, null),
                new DenseOptimizer.Adagrad(0.1, 1e-3, 0.5, 0.1));
    }

    @ParameterizedTest
    @MethodSource("specifications")
    void lanesMoveEveryParameterOnce(DenseOptimizer specification) {
        try (Quadratic whole = new Quadratic(specification);
                Quadratic divided = new Quadratic(specification);
                Lanes lanes = new Lanes(divided.engine, 5)) {
            for (int t = 1; t <= 6; t++) {
                whole.backward(t);
                whole.optimizer.step(0.5);
                divided.backward(t);
                divided.optimizer.step(0.5, lanes, 5); // the two parameters lie 16 floats apart
                assertArrayEquals(whole.values(), divided.values(), 1e-6);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("specifications")
    void stepsAsTheFormulasStand(DenseOptimizer specification) {
        try (Quadratic torch = new Quadratic(specification)) {
            double[] theta = Quadratic.START.clone();
            PlainOptimizer[] plain = Stream.generate(() -> new PlainOptimizer(specification))
                    .limit(3)
                    .toArray(PlainOptimizer[]::new);
            for (int t = 1; t <= 12; t++) {
                double scale = t < 4 ? t / 4.0 : 1;
                torch.backward(t);
                torch.optimizer.step(scale);
                for (int i = 0; i < 3; i++) {
                    theta[i] = plain[i].step(theta[i], Quadratic.CURVATURE[i] * theta[i], scale, t);
                }
                assertArrayEquals(theta, torch.values(), 2e-5);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("specifications")
    void goesOnFromItsStateBitByBit(DenseOptimizer specification) {
        try (Quadratic whole = new Quadratic(specification);
                Quadratic resumed = new Quadratic(specification)) {
            for (int t = 1; t <= 10; t++) {
                if (t == 6) {
                    resumed.engine.parameters().write(whole.engine.parameters().read());
                    resumed.optimizer.load(whole.optimizer.state());
                }
                for (Quadratic run : t < 6 ? List.of(whole) : List.of(whole, resumed)) {
                    run.backward(t);
                    run.optimizer.step(1);
                }
            }
            assertArrayEquals(whole.values(), resumed.values(), 0);
        }
    }

    @Test
    void clipsTheGradientToItsLargestNorm() {
        DenseOptimizer.Sgd plain = new DenseOptimizer.Sgd(1.0, null, null, null);
        double norm = Math.sqrt(1 * 1 + 2 * 2 + 1 * 1); // of c θ = (1, 2, −1)
        try (Quadratic torch = new Quadratic(plain)) {
            torch.backward(1);
            assertEquals(norm, torch.optimizer.clipGradientNorm(10), 1e-6);
            assertEquals(norm, torch.optimizer.clipGradientNorm(0.5), 1e-6);
            assertEquals(0.5, torch.optimizer.clipGradientNorm(10), 1e-6);
            torch.optimizer.step(1);
            double[] expected = {1 - 0.5 * 1 / norm, 1 - 0.5 * 2 / norm, -2 + 0.5 * 1 / norm};
            assertArrayEquals(expected, torch.values(), 1e-6);
            assertThrows(IllegalArgumentException.class, () -> torch.optimizer.clipGradientNorm(0));
        }
    }

    @Test
    void refusesTheStateOfAnother() {
        try (Quadratic adam = new Quadratic(new DenseOptimizer.Adam(null, null, null, null, null));
                Quadratic adagrad = new Quadratic(new DenseOptimizer.Adagrad(null, null, null, null))) {
            Map<String, Array> state = adam.optimizer.state();
            assertThrows(IllegalArgumentException.class, () -> adagrad.optimizer.load(state));
            Map<String, Array> uncounted = new TreeMap<>(state);
            uncounted.remove("step_count");
            assertThrows(IllegalArgumentException.class, () -> adam.optimizer.load(uncounted));
        }
    }
}
