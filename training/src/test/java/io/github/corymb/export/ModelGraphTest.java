package io.github.corymb.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.bundle.GraphSignature;
import io.github.corymb.bundle.GraphSignature.Input;
import io.github.corymb.feature.FittedTask;
import io.github.corymb.model.Cgc;
import io.github.corymb.model.Mmoe;
import io.github.corymb.model.ModelSpec;
import io.github.corymb.model.Omoe;
import io.github.corymb.model.Ple;
import io.github.corymb.model.SharedBottom;
import io.github.corymb.model.SingleTask;
import io.github.corymb.model.TaskExperts;
import io.github.corymb.network.Activation;
import io.github.corymb.network.ExpertComputation;
import io.github.corymb.network.Normalisation;
import io.github.corymb.tensor.Device;
import io.github.corymb.tensor.Precision;
import io.github.corymb.tensor.Tensor;
import io.github.corymb.tensor.torch.Step;
import io.github.corymb.tensor.torch.TorchEngine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What ONNX Runtime computes from the graph of a model is what libtorch computes with the model.
class ModelGraphTest {

    private static final int ROW_COUNT = 1000;

    static List<ModelSpec> models(
            List<Integer> layers,
            Activation activation,
            double dropout,
            Normalisation normalisation,
            ExpertComputation way) {
        List<Integer> tower = List.of(4);
        return List.of(
                new SingleTask.Spec(layers, tower, activation, dropout, normalisation),
                new SharedBottom.Spec(layers, tower, activation, dropout, normalisation),
                new SharedBottom.Spec(List.of(), List.of(), activation, dropout, normalisation),
                new Omoe.Spec(3, layers, tower, activation, dropout, normalisation, dropout, way),
                new Mmoe.Spec(3, layers, tower, activation, dropout, normalisation, dropout, way),
                new Cgc.Spec(1, TaskExperts.of(2), layers, tower, activation, dropout, normalisation, dropout, way),
                new Ple.Spec(2, TaskExperts.of(1), 2, layers, tower, activation, dropout, normalisation, dropout, way));
    }

    static Stream<Arguments> everyModel() {
        return Stream.of(ExpertComputation.values())
                .flatMap(way -> Stream.of(Normalisation.values())
                        .flatMap(normalisation -> Stream.of(Activation.values())
                                .flatMap(activation ->
                                        models(List.of(8, 6), activation, 0.1, normalisation, way).stream()
                                                .map(Arguments::of))));
    }

    @ParameterizedTest
    @MethodSource("everyModel")
    void givesWhatTheTrainerGives(ModelSpec spec) {
        GraphSignature signature = SampleModel.signature(spec.ownTables());
        try (TorchEngine engine = new TorchEngine(new Device.Cpu(), Precision.FLOAT32, 1, 11)) {
            var model = spec.build(engine.parameters(), 12, SampleModel.heads());
            SampleModel.moved(engine);
            Map<String, float[]> rows = SampleModel.rows(signature, ROW_COUNT, ROW_COUNT);
            List<float[]> expected = trained(engine, model::forward, signature, spec.ownTables(), rows);
            try (OnnxGraph graph = OnnxGraph.open(SampleModel.record(spec, signature, engine))) {
                for (int batch : new int[] {1, 7, 512}) {
                    check(graph, signature, rows, batch, expected);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("everyModel")
    void oneRowOfTheUserServesAllItems(ModelSpec spec) {
        GraphSignature signature = SampleModel.signature(spec.ownTables());
        try (TorchEngine engine = new TorchEngine(new Device.Cpu(), Precision.FLOAT32, 1, 12)) {
            spec.build(engine.parameters(), 12, SampleModel.heads());
            SampleModel.moved(engine);
            Map<String, float[]> once = SampleModel.rows(signature, 1, 200);
            Map<String, float[]> repeated = new HashMap<>(once);
            signature.inputs(false).forEach(input -> {
                float[] wide = new float[200 * input.width()];
                for (int i = 0; i < wide.length; i++) {
                    wide[i] = once.get(input.name())[i % input.width()];
                }
                repeated.put(input.name(), wide);
            });
            try (OnnxGraph graph = OnnxGraph.open(SampleModel.record(spec, signature, engine))) {
                Map<String, float[]> split = graph.run(SampleModel.buffers(once));
                Map<String, float[]> whole = graph.run(SampleModel.buffers(repeated));
                split.forEach((task, values) -> assertClose(whole.get(task), 0, values, 1e-6, task));
            }
        }
    }

    private interface Forward {
        List<Tensor> apply(List<Tensor> inputs);
    }

    /// The predictions of the model itself. // K × [B, width]
    private static List<float[]> trained(
            TorchEngine engine, Forward forward, GraphSignature signature, boolean own, Map<String, float[]> rows) {
        List<String> sets =
                own ? SampleModel.TASKS.stream().map(FittedTask::name).toList() : Arrays.asList((String) null);
        List<float[]> predictions = new ArrayList<>();
        try (Step _ = engine.step(0, false)) {
            List<Tensor> inputs = sets.stream()
                    .map(task -> engine.constant(joined(signature, task, rows), ROW_COUNT, 12))
                    .toList();
            List<Tensor> outputs = engine.forward(() -> forward.apply(inputs));
            for (int k = 0; k < SampleModel.TASKS.size(); k++) {
                FittedTask task = SampleModel.TASKS.get(k);
                float[] z = new float[ROW_COUNT * task.width()];
                engine.read(outputs.get(k), z);
                double[] y = new double[z.length];
                for (int b = 0; b < ROW_COUNT; b++) {
                    task.predict(z, b * task.width(), y, b * task.width());
                }
                float[] narrow = new float[y.length];
                for (int i = 0; i < y.length; i++) {
                    narrow[i] = (float) y[i];
                }
                predictions.add(narrow);
            }
        }
        return predictions;
    }

    /// x of a task, row by row. // [B, D]
    private static float[] joined(GraphSignature signature, String task, Map<String, float[]> rows) {
        float[] x = new float[ROW_COUNT * 12];
        int column = 0;
        for (Input input : signature.inputs()) {
            if (input.task() == null || input.task().equals(task)) {
                for (int b = 0; b < ROW_COUNT; b++) {
                    System.arraycopy(rows.get(input.name()), b * input.width(), x, b * 12 + column, input.width());
                }
                column += input.width();
            }
        }
        assertEquals(12, column);
        return x;
    }

    private static void check(
            OnnxGraph graph, GraphSignature signature, Map<String, float[]> rows, int batch, List<float[]> expected) {
        for (int from = 0; from < ROW_COUNT; from += batch) {
            int first = from;
            int to = Math.min(from + batch, ROW_COUNT);
            Map<String, float[]> part = new HashMap<>();
            signature
                    .inputs()
                    .forEach(input -> part.put(
                            input.name(),
                            Arrays.copyOfRange(rows.get(input.name()), first * input.width(), to * input.width())));
            Map<String, float[]> outputs = graph.run(SampleModel.buffers(part));
            for (int k = 0; k < SampleModel.TASKS.size(); k++) {
                FittedTask task = SampleModel.TASKS.get(k);
                float[] found = outputs.get(task.name());
                assertEquals((to - from) * task.width(), found.length);
                assertClose(expected.get(k), from * task.width(), found, 1e-5, task.name());
            }
        }
    }

    private static void assertClose(float[] expected, int from, float[] found, double bound, String what) {
        for (int i = 0; i < found.length; i++) {
            double scale = Math.max(1, Math.abs(expected[from + i]));
            assertTrue(
                    Math.abs(expected[from + i] - found[i]) <= bound * scale,
                    what + ": expected " + expected[from + i] + ", found " + found[i]);
        }
    }
}
