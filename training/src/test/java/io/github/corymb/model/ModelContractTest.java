package io.github.corymb.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.network.Activation;
import io.github.corymb.network.ExpertComputation;
import io.github.corymb.network.GradientCheck;
import io.github.corymb.network.Normalisation;
import io.github.corymb.network.PlainStore;
import io.github.corymb.tensor.Initial;
import io.github.corymb.tensor.PlainTensor;
import io.github.corymb.tensor.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What every model promises, over every kind of output.
class ModelContractTest {

    private static final int WIDTH = 4; // D
    private static final TaskHead LOGIT = new TaskHead("like", 1, -1);
    private static final TaskHead VALUE = new TaskHead("rating", 1, 3.5);
    private static final TaskHead CLASSES = new TaskHead("genre", 3);
    private static final List<List<TaskHead>> TASKS =
            List.of(List.of(LOGIT), List.of(VALUE), List.of(CLASSES), List.of(LOGIT, VALUE, CLASSES));

    private static List<ModelSpec> models(
            Activation activation, Double dropout, Normalisation normalisation, ExpertComputation computation) {
        List<Integer> layers = List.of(5, 3);
        List<Integer> tower = List.of(2);
        return List.of(
                new SingleTask.Spec(layers, tower, activation, dropout, normalisation),
                new SharedBottom.Spec(layers, tower, activation, dropout, normalisation),
                new Omoe.Spec(3, layers, tower, activation, dropout, normalisation, dropout, computation),
                new Mmoe.Spec(3, layers, tower, activation, dropout, normalisation, dropout, computation),
                new Cgc.Spec(
                        1, TaskExperts.of(2), layers, tower, activation, dropout, normalisation, dropout, computation),
                new Ple.Spec(
                        2,
                        TaskExperts.of(1),
                        2,
                        layers,
                        tower,
                        activation,
                        dropout,
                        normalisation,
                        dropout,
                        computation));
    }

    static final List<ModelSpec> MODELS = models(Activation.SILU, 0.0, Normalisation.NONE, ExpertComputation.LOOPED);

    static Stream<Arguments> modelsAndTasks() {
        return MODELS.stream().flatMap(spec -> TASKS.stream().map(tasks -> Arguments.of(spec, tasks)));
    }

    private static GradientCheck.Network network(ModelSpec spec, List<TaskHead> tasks) {
        return store -> spec.build(store, WIDTH, tasks)::forward;
    }

    private static long[][] inputs(ModelSpec spec, List<TaskHead> tasks, int rowCount) {
        int count = spec.ownTables() ? tasks.size() : 1;
        return Collections.nCopies(count, new long[] {rowCount, WIDTH}).toArray(long[][]::new);
    }

    @ParameterizedTest
    @MethodSource("modelsAndTasks")
    void gradientsAreThoseOfFiniteDifferences(ModelSpec spec, List<TaskHead> tasks) {
        GradientCheck.check(61, network(spec, tasks), inputs(spec, tasks, 5));
    }

    @ParameterizedTest
    @MethodSource("modelsAndTasks")
    void everyParameterGetsAGradient(ModelSpec spec, List<TaskHead> tasks) {
        Map<String, float[]> gradients = GradientCheck.run(62, network(spec, tasks), inputs(spec, tasks, 5))
                .gradients();
        gradients.forEach((name, gradient) -> assertTrue(
                IntStream.range(0, gradient.length).anyMatch(i -> gradient[i] != 0), name + " has no gradient"));
    }

    @ParameterizedTest
    @MethodSource("modelsAndTasks")
    void aRowSeesNoOtherAndOneRowIsABatch(ModelSpec spec, List<TaskHead> tasks) {
        PlainStore store = new PlainStore(63);
        MultiTaskModel model = spec.build(store, WIDTH, tasks);
        Tensor x = new PlainStore(64).parameter("x", new Initial.Normal(1), 3, WIDTH);
        int inputCount = spec.ownTables() ? tasks.size() : 1;
        List<Tensor> together = model.forward(Collections.nCopies(inputCount, x));
        for (int row = 0; row < 3; row++) {
            List<Tensor> alone = model.forward(Collections.nCopies(inputCount, x.narrow(0, row, 1)));
            for (int k = 0; k < tasks.size(); k++) {
                assertArrayEquals(
                        new long[] {3, tasks.get(k).width()}, together.get(k).shape());
                assertArrayEquals(
                        new long[] {1, tasks.get(k).width()}, alone.get(k).shape());
                assertArrayEquals(
                        PlainTensor.values(together.get(k).narrow(0, row, 1)), PlainTensor.values(alone.get(k)), 1e-12);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void sameSeedSameBits(ModelSpec spec) {
        List<TaskHead> tasks = TASKS.getLast();
        var first = GradientCheck.run(65, network(spec, tasks), inputs(spec, tasks, 7));
        var second = GradientCheck.run(65, network(spec, tasks), inputs(spec, tasks, 7));
        for (int k = 0; k < tasks.size(); k++) {
            assertArrayEquals(first.outputs().get(k), second.outputs().get(k));
        }
        first.gradients()
                .forEach((name, gradient) ->
                        assertArrayEquals(gradient, second.gradients().get(name), name));
    }

    static Stream<Arguments> computations() {
        List<ModelSpec> looped = models(Activation.GELU, 0.0, Normalisation.NONE, ExpertComputation.LOOPED);
        List<ModelSpec> batched = models(Activation.GELU, 0.0, Normalisation.NONE, ExpertComputation.BATCHED);
        return IntStream.range(0, looped.size()).mapToObj(i -> Arguments.of(looped.get(i), batched.get(i)));
    }

    @ParameterizedTest
    @MethodSource("computations")
    void batchedEqualsLooped(ModelSpec looped, ModelSpec batched) {
        List<TaskHead> tasks = TASKS.getLast();
        GradientCheck.assertSame(
                GradientCheck.run(66, network(looped, tasks), inputs(looped, tasks, 5)),
                GradientCheck.run(66, network(batched, tasks), inputs(batched, tasks, 5)));
    }

    static Stream<ModelSpec> dressedModels() {
        return Stream.of(ExpertComputation.values())
                .flatMap(way -> models(Activation.PRELU, 0.5, Normalisation.BATCH, way).stream());
    }

    @ParameterizedTest
    @MethodSource("dressedModels")
    void staysFiniteWithDropoutAndNormalisationOnOneRow(ModelSpec spec) {
        List<TaskHead> tasks = TASKS.getLast();
        for (int rowCount : new int[] {1, 2, 9}) {
            var result = GradientCheck.run(67, network(spec, tasks), inputs(spec, tasks, rowCount));
            for (int k = 0; k < tasks.size(); k++) {
                float[] values = result.outputs().get(k);
                assertEquals(rowCount * tasks.get(k).width(), values.length);
                assertTrue(IntStream.range(0, values.length).allMatch(i -> Float.isFinite(values[i])));
            }
            result.gradients()
                    .forEach((name, gradient) -> assertTrue(
                            IntStream.range(0, gradient.length).allMatch(i -> Float.isFinite(gradient[i])), name));
        }
    }
}
