package io.github.corymb.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.corymb.tensor.Array;
import io.github.corymb.tensor.Device;
import io.github.corymb.tensor.Initial;
import io.github.corymb.tensor.ParameterStore;
import io.github.corymb.tensor.PlainTensor;
import io.github.corymb.tensor.Tensor;
import io.github.corymb.tensor.torch.Step;
import io.github.corymb.tensor.torch.TorchEngine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// Holds a network's values and gradients, as the engine computes them in float32, against plain loops in double: the
/// outputs against the same network over [PlainTensor], the gradients of Σ c · output, with fixed random c, against
/// central differences of that.
public final class GradientCheck {

    private static final double TOLERANCE = 2e-4;
    private static final double ROUNDING = 1e-5; // of float32 after a few layers
    private static final double DIFFERENCE = 1e-5;
    private static final int ELEMENT_LIMIT = 12; // of one tensor whose differences are taken

    /// What is checked: given a place for its parameters, a map from inputs to outputs.
    public interface Network extends Function<ParameterStore, Function<List<Tensor>, List<Tensor>>> {}

    /// A network of one input and one output.
    public interface Layer extends Function<ParameterStore, UnaryOperator<Tensor>> {}

    private record LayerNetwork(Layer layer) implements Network {

        @Override
        public Function<List<Tensor>, List<Tensor>> apply(ParameterStore store) {
            UnaryOperator<Tensor> forward = layer.apply(store);
            return inputs -> List.of(forward.apply(inputs.getFirst()));
        }
    }

    /// What the engine computed: outputs in order, and gradients by parameter, those of inputs as `input.i`.
    public record Result(List<float[]> outputs, Map<String, float[]> gradients) {}

    private GradientCheck() {}

    public static Result checkLayer(long seed, Layer layer, long... inputShape) {
        return check(seed, new LayerNetwork(layer), inputShape);
    }

    /// One training step of a layer on the engine.
    public static Result runLayer(long seed, Layer layer, long... inputShape) {
        return run(seed, new LayerNetwork(layer), inputShape);
    }

    public static Result check(long seed, Network network, long[]... inputShapes) {
        List<Array> inputs = inputs(seed, inputShapes);
        Map<String, Array> parameters = new LinkedHashMap<>();
        Result actual = engine(seed, network, inputs, parameters);

        PlainStore store = new PlainStore(seed);
        Function<List<Tensor>, List<Tensor>> plain = network.apply(store);
        List<Tensor> plainInputs = new ArrayList<>();
        Map<String, PlainTensor> leaves = new LinkedHashMap<>(store.parameters());
        parameters.forEach((name, array) -> {
            if (leaves.containsKey(name)) {
                for (int i = 0; i < array.values().limit(); i++) {
                    leaves.get(name).values()[i] = array.values().get(i);
                }
            }
        });
        for (int i = 0; i < inputs.size(); i++) {
            PlainTensor input = PlainTensor.of(
                    doubles(floats(inputs.get(i).values())), inputs.get(i).shape());
            plainInputs.add(input);
            leaves.put("input." + i, input);
        }
        List<Tensor> outputs = plain.apply(plainInputs);
        assertEquals(outputs.size(), actual.outputs().size());
        for (int i = 0; i < outputs.size(); i++) {
            assertClose(
                    "output " + i,
                    PlainTensor.values(outputs.get(i)),
                    actual.outputs().get(i));
        }
        assertEquals(leaves.keySet(), actual.gradients().keySet());
        leaves.forEach((name, leaf) -> assertDifferences(
                name, leaf.values(), actual.gradients().get(name), () -> loss(seed, plain.apply(plainInputs))));
        return actual;
    }

    /// One training step on the engine: outputs and gradients.
    public static Result run(long seed, Network network, long[]... inputShapes) {
        return engine(seed, network, inputs(seed, inputShapes), new LinkedHashMap<>());
    }

    /// Both give the same outputs and gradients, up to rounding.
    public static void assertSame(Result expected, Result actual) {
        assertEquals(expected.outputs().size(), actual.outputs().size());
        for (int i = 0; i < expected.outputs().size(); i++) {
            assertClose(
                    "output " + i, expected.outputs().get(i), actual.outputs().get(i));
        }
        assertEquals(expected.gradients().keySet(), actual.gradients().keySet());
        expected.gradients()
                .forEach((name, gradient) ->
                        assertClose(name, gradient, actual.gradients().get(name)));
    }

    private static Result engine(long seed, Network network, List<Array> inputs, Map<String, Array> parameters) {
        try (TorchEngine engine = new TorchEngine(new Device.Cpu(), 1, seed)) {
            Recorder recorder = new Recorder(engine.parameters(), new LinkedHashMap<>());
            Function<List<Tensor>, List<Tensor>> forward = network.apply(recorder);
            parameters.putAll(engine.parameters().read());
            try (Step _ = engine.step(0, true)) {
                List<Tensor> leaves = new ArrayList<>();
                for (int i = 0; i < inputs.size(); i++) {
                    leaves.add(engine.leaf(inputs.get(i).values(), inputs.get(i).shape()));
                    recorder.made.put("input." + i, leaves.get(i));
                }
                List<Tensor> outputs = forward.apply(leaves);
                List<float[]> values = outputs.stream()
                        .map(output -> floats(engine.values(output)))
                        .toList();
                SplittableRandom random = new SplittableRandom(seed);
                Tensor loss = null;
                for (Tensor output : outputs) {
                    int count = (int) Array.count(output.shape());
                    float[] factors = coefficients(random, count);
                    Tensor part = output.multiply(engine.constant(factors, output.shape()))
                            .sum();
                    loss = loss == null ? part : loss.add(part);
                }
                engine.zeroGradients();
                engine.backward(loss);
                Map<String, float[]> gradients = new LinkedHashMap<>();
                recorder.made.forEach((name, leaf) -> gradients.put(name, floats(engine.gradient(leaf))));
                return new Result(values, gradients);
            }
        }
    }

    private static double loss(long seed, List<Tensor> outputs) {
        SplittableRandom random = new SplittableRandom(seed);
        double loss = 0;
        for (Tensor output : outputs) {
            double[] values = PlainTensor.values(output);
            float[] factors = coefficients(random, values.length);
            for (int i = 0; i < values.length; i++) {
                loss += factors[i] * values[i];
            }
        }
        return loss;
    }

    private static float[] coefficients(SplittableRandom random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }

    private static List<Array> inputs(long seed, long[]... shapes) {
        SplittableRandom random = new SplittableRandom(seed ^ 0x1234);
        List<Array> inputs = new ArrayList<>();
        for (long[] shape : shapes) {
            float[] values = coefficients(random, (int) Array.count(shape));
            ByteBuffer bytes = ByteBuffer.allocateDirect(values.length * Float.BYTES);
            FloatBuffer direct = bytes.order(ByteOrder.nativeOrder()).asFloatBuffer();
            direct.put(0, values);
            inputs.add(new Array(shape, direct));
        }
        return inputs;
    }

    private interface Loss {
        double value();
    }

    private static void assertDifferences(String name, double[] values, float[] gradient, Loss loss) {
        int step = Math.max(1, values.length / ELEMENT_LIMIT);
        for (int i = 0; i < values.length; i += step) {
            double kept = values[i];
            values[i] = kept + DIFFERENCE;
            double above = loss.value();
            values[i] = kept - DIFFERENCE;
            double below = loss.value();
            values[i] = kept;
            double expected = (above - below) / (2 * DIFFERENCE);
            assertEquals(expected, gradient[i], TOLERANCE * (1 + Math.abs(expected)), name + "[" + i + "]");
        }
    }

    private static void assertClose(String what, double[] expected, float[] actual) {
        assertEquals(expected.length, actual.length, what);
        for (int i = 0; i < actual.length; i++) {
            assertEquals(expected[i], actual[i], ROUNDING * (1 + Math.abs(expected[i])), what + "[" + i + "]");
        }
    }

    private static void assertClose(String what, float[] expected, float[] actual) {
        assertClose(what, doubles(expected), actual);
    }

    private static double[] doubles(float... values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    private static float[] floats(FloatBuffer buffer) {
        float[] values = new float[buffer.remaining()];
        buffer.duplicate().get(values);
        return values;
    }

    /// Notes what is made in a store, so that its gradients can be read.
    private record Recorder(ParameterStore store, Map<String, Tensor> made) implements ParameterStore {

        @Override
        public Tensor parameter(String name, Initial initial, long... shape) {
            Tensor parameter = store.parameter(name, initial, shape);
            made.put(name, parameter);
            return parameter;
        }

        @Override
        public Tensor buffer(String name, double value, long... shape) {
            return store.buffer(name, value, shape);
        }
    }
}
