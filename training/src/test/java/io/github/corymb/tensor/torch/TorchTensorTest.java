package io.github.corymb.tensor.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.corymb.tensor.Array;
import io.github.corymb.tensor.Device;
import io.github.corymb.tensor.PlainTensor;
import io.github.corymb.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each operation against the same call on [PlainTensor], and its gradient against central differences of the latter.
final class TorchTensorTest {

    private static final double STEP = 1e-5; // of the central differences, in double
    private static TorchEngine engine;

    /// An operation on tensors of these shapes, whose values lie in [low, high] but never on a multiple of 0.1, where
    /// some operations have a kink.
    record Case(String name, double low, double high, List<List<Long>> shapes, Function<List<Tensor>, Tensor> call) {
        @Override
        public String toString() {
            return name + shapes;
        }

        List<double[]> inputs() {
            SplittableRandom random = new SplittableRandom(20);
            return shapes.stream()
                    .map(shape -> IntStream.range(0, (int) Array.count(sizes(shape)))
                            .mapToDouble(_ -> Math.floor((low + (high - low) * random.nextDouble()) * 10) / 10
                                    + 0.02
                                    + 0.06 * random.nextDouble())
                            .toArray())
                    .toList();
        }

        PlainTensor plain(List<double[]> inputs) {
            return (PlainTensor) call.apply(IntStream.range(0, shapes.size())
                    .<Tensor>mapToObj(i -> PlainTensor.of(inputs.get(i), sizes(shapes.get(i))))
                    .toList());
        }
    }

    @BeforeAll
    static void open() {
        engine = new TorchEngine(new Device.Cpu(), 1, 1);
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void givesWhatThePlainTwinGives(Case operation) {
        List<double[]> inputs = operation.inputs();
        PlainTensor expected = operation.plain(inputs);
        try (Step _ = engine.step(0, true)) {
            Tensor actual = operation.call.apply(leaves(operation, inputs));
            assertArrayEquals(expected.shape(), actual.shape());
            float[] values = new float[expected.values().length];
            engine.read(actual, values);
            for (int i = 0; i < values.length; i++) {
                double value = expected.values()[i];
                assertEquals(value, values[i], 1e-5 * Math.max(1, Math.abs(value)), operation.name);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void hasTheGradientOfCentralDifferences(Case operation) {
        List<double[]> inputs = operation.inputs();
        double[] weights = weights(operation.plain(inputs).values().length);
        try (Step _ = engine.step(0, true)) {
            List<Tensor> leaves = leaves(operation, inputs);
            Tensor result = operation.call.apply(leaves);
            engine.backward(result.multiply(engine.constant(floats(weights), result.shape()))
                    .sum());
            for (int i = 0; i < inputs.size(); i++) {
                FloatBuffer gradient = engine.gradient(leaves.get(i));
                for (int j = 0; j < inputs.get(i).length; j++) {
                    double expected = (weighted(operation, inputs, weights, i, j, STEP)
                                    - weighted(operation, inputs, weights, i, j, -STEP))
                            / (2 * STEP);
                    assertEquals(expected, gradient.get(j), 1e-4 * Math.max(1, Math.abs(expected)), operation.name);
                }
            }
        }
    }

    private static double weighted(
            Case operation, List<double[]> inputs, double[] weights, int input, int element, double move) {
        List<double[]> moved = new ArrayList<>(inputs);
        moved.set(input, inputs.get(input).clone());
        moved.get(input)[element] += move;
        double[] values = operation.plain(moved).values();
        return IntStream.range(0, values.length)
                .mapToDouble(i -> weights[i] * values[i])
                .sum();
    }

    private static List<Tensor> leaves(Case operation, List<double[]> inputs) {
        return IntStream.range(0, inputs.size())
                .mapToObj(i -> {
                    Array array = Array.zeros(sizes(operation.shapes.get(i)));
                    return engine.leaf(array.values().put(0, floats(inputs.get(i))), array.shape());
                })
                .toList();
    }

    private static double[] weights(int count) {
        return new SplittableRandom(21).doubles(count, -1, 1).toArray();
    }

    private static float[] floats(double... values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static long[] sizes(List<Long> shape) {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }

    private static long[] shape(long... sizes) {
        return sizes;
    }

    private static Case one(String name, Function<Tensor, Tensor> call, long... sizes) {
        return of(name, in -> call.apply(in.get(0)), sizes);
    }

    private static Case positive(String name, Function<Tensor, Tensor> call) {
        return new Case(name, 0.1, 3, List.of(List.of(2L, 3L)), in -> call.apply(in.get(0)));
    }

    private static Case of(String name, Function<List<Tensor>, Tensor> call, long[]... shapes) {
        List<List<Long>> all = Arrays.stream(shapes)
                .map(shape -> Arrays.stream(shape).boxed().toList())
                .toList();
        return new Case(name, -2, 2, all, call);
    }

    private static Stream<Case> operations() {
        return Stream.of(arithmetic(), products(), shapes(), elementwise(), normalisations())
                .flatMap(Function.identity());
    }

    private static Stream<Case> arithmetic() {
        Function<List<Tensor>, Tensor> add = in -> in.get(0).add(in.get(1));
        Function<List<Tensor>, Tensor> multiply = in -> in.get(0).multiply(in.get(1));
        return Stream.of(
                of("add", add, shape(2, 3), shape(2, 3)),
                of("add", add, shape(2, 3), shape(3)),
                of("add", add, shape(), shape(2, 1)),
                of("add", add, shape(2, 1, 3), shape(4, 1)),
                of("subtract", in -> in.get(0).subtract(in.get(1)), shape(2, 3), shape(2, 1)),
                of("multiply", multiply, shape(2, 3), shape(2, 3)),
                of("multiply", multiply, shape(3, 1, 2), shape(4, 1)),
                of("divide", in -> in.get(0).divide(in.get(1).square().add(1)), shape(2, 3), shape(3)),
                one("add number", x -> x.add(0.7), 2, 3),
                one("multiply number", x -> x.multiply(-1.7), 2, 3),
                one("negate", Tensor::negate, 4),
                one("sum", Tensor::sum, 2, 3),
                one("sum axis", x -> x.sum(0), 2, 3),
                one("sum last axis", x -> x.sum(-1), 2, 3, 4),
                one("mean", Tensor::mean, 2, 3),
                one("mean axis", x -> x.mean(1), 2, 3, 4));
    }

    private static Stream<Case> products() {
        Function<List<Tensor>, Tensor> matmul = in -> in.get(0).matmul(in.get(1));
        return Stream.of(
                of("matmul", matmul, shape(2, 3), shape(3, 4)),
                of("matmul", matmul, shape(5, 2, 3), shape(5, 3, 4)),
                of("matmul", matmul, shape(1, 2, 3), shape(5, 3, 4)),
                of("matmul", matmul, shape(2, 3), shape(5, 3, 4)),
                of("matmul", matmul, shape(5, 2, 9), shape(5, 9, 25)),
                of("matmul", matmul, shape(1, 2, 9), shape(5, 9, 25)),
                of("linear", in -> in.get(0).linear(in.get(1)), shape(5, 3), shape(4, 3)),
                of(
                        "linear with bias",
                        in -> in.get(0).linear(in.get(1), in.get(2)),
                        shape(5, 3),
                        shape(4, 3),
                        shape(4)),
                of(
                        "linear with bias",
                        in -> in.get(0).linear(in.get(1), in.get(2)),
                        shape(2, 5, 3),
                        shape(4, 3),
                        shape(4)));
    }

    private static Stream<Case> shapes() {
        return Stream.of(
                one("transpose", x -> x.transpose(0, 1), 2, 3),
                one("transpose", x -> x.transpose(-1, 0), 2, 3, 4),
                one("transpose then reshape", x -> x.transpose(0, 1).reshape(6), 2, 3),
                one("reshape", x -> x.reshape(3, -1), 2, 3),
                one("unsqueeze", x -> x.unsqueeze(1), 2, 3),
                one("unsqueeze last", x -> x.unsqueeze(-1), 2, 3),
                one("squeeze", x -> x.squeeze(1), 2, 1, 3),
                one("squeeze last", x -> x.squeeze(-1), 2, 1),
                one("narrow", x -> x.narrow(1, 1, 2), 2, 4),
                one("expand", x -> x.expand(4, 2, 3), 2, 1),
                one("unbind", x -> x.unbind(1).get(2).multiply(x.unbind(-2).get(0)), 2, 3, 4),
                of("concat", in -> in.get(0).concat(in.subList(1, 3), 1), shape(2, 1), shape(2, 3), shape(2, 2)),
                of("concat last", in -> in.get(0).concat(in.subList(1, 2), -1), shape(2, 1, 2), shape(2, 1, 3)),
                of("stack", in -> in.get(0).stack(in.subList(1, 3), 1), shape(2, 3), shape(2, 3), shape(2, 3)),
                of("stack last", in -> in.get(0).stack(in.subList(1, 2), -1), shape(2), shape(2)),
                one("gather last", x -> x.gatherLast(like(x, new double[] {2, 0}, 2, 1)), 2, 3));
    }

    private static Stream<Case> elementwise() {
        Function<List<Tensor>, Tensor> prelu = in -> in.get(0).prelu(in.get(1));
        return Stream.of(
                one("exp", Tensor::exp, 2, 3),
                positive("log", Tensor::log),
                positive("log1p", Tensor::log1p),
                positive("sqrt", Tensor::sqrt),
                one("abs", Tensor::abs, 2, 3),
                one("square", Tensor::square, 2, 3),
                one("clamp", x -> x.clamp(-0.5, 0.8), 3, 4),
                one("maximum", x -> x.maximum(0.3), 3, 4),
                one("relu", Tensor::relu, 3, 4),
                one("silu", Tensor::silu, 3, 4),
                one("gelu", Tensor::gelu, 3, 4),
                one("sigmoid", Tensor::sigmoid, 3, 4),
                one("tanh", Tensor::tanh, 3, 4),
                one("log sigmoid", Tensor::logSigmoid, 3, 4),
                one("log sigmoid of large values", x -> x.multiply(100).logSigmoid(), 3, 4),
                one("softmax", Tensor::softmax, 2, 3),
                one("softmax of large values", x -> x.multiply(100).softmax(), 2, 1, 3),
                one("log softmax", Tensor::logSoftmax, 2, 3),
                of("prelu of one slope", prelu, shape(3, 4), shape(1)),
                of("prelu", prelu, shape(3, 4), shape(4)),
                of("prelu of three axes", prelu, shape(2, 3, 4), shape(4)));
    }

    private static Stream<Case> normalisations() {
        return Stream.of(
                of(
                        "layer norm",
                        in -> in.get(0).layerNorm(in.get(1), in.get(2), 1e-5),
                        shape(3, 4),
                        shape(4),
                        shape(4)),
                of(
                        "layer norm of three axes",
                        in -> in.get(0).layerNorm(in.get(1), in.get(2), 1e-5),
                        shape(2, 3, 4),
                        shape(4),
                        shape(4)),
                of("batch norm", TorchTensorTest::batchNorm, shape(5, 3), shape(3), shape(3)),
                of("batch norm of one row", TorchTensorTest::batchNorm, shape(1, 3), shape(3), shape(3)));
    }

    private static Tensor batchNorm(List<Tensor> in) {
        Tensor mean = like(in.get(0), new double[] {0.5, -0.5, 0}, 3);
        Tensor variance = like(in.get(0), new double[] {1, 2, 0.5}, 3);
        return in.get(0).batchNorm(in.get(1), in.get(2), mean, variance, 0.1, 1e-5);
    }

    private static Tensor like(Tensor tensor, double[] values, long... sizes) {
        return tensor instanceof PlainTensor ? PlainTensor.of(values, sizes) : engine.constant(floats(values), sizes);
    }
}
