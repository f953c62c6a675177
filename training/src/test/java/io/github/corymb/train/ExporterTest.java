package io.github.corymb.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.corymb.bundle.BundleLayout;
import io.github.corymb.bundle.BundleReader.Verification;
import io.github.corymb.bundle.Fusion;
import io.github.corymb.bundle.GraphSignature;
import io.github.corymb.bundle.InputSide;
import io.github.corymb.bundle.ServingBundle;
import io.github.corymb.data.Dataset;
import io.github.corymb.data.LabelledBatch;
import io.github.corymb.data.Split;
import io.github.corymb.embedding.Storage;
import io.github.corymb.feature.Column;
import io.github.corymb.feature.Field;
import io.github.corymb.feature.FittedTask;
import io.github.corymb.feature.InputException;
import io.github.corymb.feature.KeyLists;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExporterTest {

    private static final int ITEM_COUNT = 40;
    private static final String VECTOR =
            "CASE WHEN item_id % 5 = 3 THEN NULL ELSE [sin(item_id), cos(item_id), 0.5] END";
    private static final String HEAT = "CASE WHEN item_id % 6 = 4 THEN NULL ELSE sin(3 * item_id) END";

    @TempDir
    private Path folder;

    private Path train(String... settings) {
        RunFolder run = RunFolder.create(folder.resolve("run"));
        try (Trainer trainer = new Trainer(
                SampleExperiment.with(settings), run, TrainListener.NONE, () -> false, InstantSource.system())) {
            trainer.train(false);
        }
        return run.path();
    }

    private Path export(Path run, Storage storage) {
        Path out = folder.resolve("out");
        Map<String, Fusion> fusions = Map.of("main", new Fusion.WeightedSum(Map.of("click", 1.0, "money", 0.1)));
        Exporter.export(run, out, storage, true, fusions, InstantSource.system());
        return out;
    }

    /// One user and many items, from plain values: by the bundle and ONNX Runtime, and by the trainer.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "model={type: mmoe, experts: 2, expert: [8], tower: [4], dropout: 0.1}",
                "model={type: single_task, bottom: [8], tower: [4]}"
            })
    void aBundleScoresARequestAsTheTrainerDoes(String model) throws OrtException {
        Path run = train(
                model,
                "features.item_id.side=item",
                "features.tags.side=item",
                "data.source=SELECT *, " + VECTOR + " AS text, " + HEAT + " AS heat FROM (" + SampleExperiment.SOURCE
                        + ")",
                "features.text={type: dense, side: item, length: 3}",
                "features.heat={type: numeric, side: item, scaling: quantile, buckets: 5, dimension: 4}");
        Path out = export(run, Storage.FLOAT32);
        try (ServingBundle bundle = ServingBundle.open(out, Verification.EVERY_FILE);
                TrainedModel trained = TrainedModel.open(out);
                Dataset dataset = Experiments.open(trained, allRows(), List.of())) {
            assertEquals(
                    Map.of("click", 1.0, "money", 0.1),
                    bundle.fusions().get("main").weights());
            InputSide.Rows request = bundle.request().rows();
            InputSide.Rows items = bundle.items().rows();
            Map<String, Object> user = new HashMap<>(Map.of("user_id", 5L, "history", List.of(3L, 99L, 4L)));
            user.put("price", null);
            bundle.request().fill(Column.ofRequest(user), 1, request);
            bundle.items().fill(itemColumns(), ITEM_COUNT, items);
            Map<String, float[]> found = scores(bundle, request, items);
            double[][] expected = predictions(trained, dataset);
            for (int k = 0; k < expected.length; k++) {
                FittedTask task = bundle.tasks().get(k);
                float[] scores = found.get(task.name());
                assertEquals(ITEM_COUNT * task.width(), scores.length);
                for (int i = 0; i < scores.length; i++) {
                    assertEquals(expected[k][i], scores[i], 1e-5 * Math.max(1, Math.abs(expected[k][i])), task.name());
                }
            }
            allInOne(bundle, dataset)
                    .forEach((task, scores) -> assertArrayEquals(found.get(task), scores, 1e-6f, task));
            assertTrue(bundle.unknownCount() > 0, "item 99 was never seen");
        }
    }

    @Test
    void otherStoragesCostLittleAndAreMeasured() {
        Path run = train();
        Path out = export(run, Storage.INT8);
        List<Exporter.Cost> costs = Exporter.costs(run, out);
        assertEquals(
                List.of("click", "money", "level"),
                costs.stream().map(Exporter.Cost::task).toList());
        costs.forEach(cost -> assertEquals(cost.trained(), cost.exported(), 0.02 * cost.trained(), cost.toString()));
        try (TrainedModel model = TrainedModel.open(out)) {
            assertEquals(
                    Storage.INT8, model.tables().getFirst().tables().getFirst().storage());
        }
    }

    @Test
    void eightBitsCostLittleAreMeasuredAndDependOnTheRunAlone() throws IOException {
        Path run = train("model={type: mmoe, experts: 2, expert: [256, 32], tower: [4]}");
        ExportOptions options = new ExportOptions(Storage.FLOAT32, true, false, Map.of(), Optional.empty());
        Path out = folder.resolve("int8");
        Path again = folder.resolve("again");
        Exporter.export(run, out, options, InstantSource.system());
        Exporter.export(run, again, options, InstantSource.system());
        assertEquals(-1, Files.mismatch(out.resolve(BundleLayout.GRAPH), again.resolve(BundleLayout.GRAPH)));
        Path exact = export(run, Storage.FLOAT32);
        assertTrue(Files.size(out.resolve(BundleLayout.GRAPH)) < 0.5 * Files.size(exact.resolve(BundleLayout.GRAPH)));
        Exporter.costs(run, exact)
                .forEach(cost -> assertEquals(cost.trained(), cost.exported(), 1e-4 * cost.trained()));
        List<Exporter.Cost> costs = Exporter.costs(run, out);
        assertEquals(3, costs.size());
        assertTrue(costs.stream().anyMatch(cost -> cost.trained() != cost.exported()));
        costs.forEach(cost -> assertEquals(cost.trained(), cost.exported(), 0.02 * cost.trained(), cost.toString()));
    }

    @Test
    void fusionsAreTheExperimentsAndThoseGivenByName() {
        Path run = train("serving={fusions: {default: {type: weighted_sum, weights: {click: 1}}}}");
        Map<String, Fusion> fusions =
                Exporter.fusions(run, List.of("both={type: power_product, weights: {click: 2, money: 1}}"));
        assertEquals(Set.of("default", "both"), fusions.keySet());
        assertEquals(new Fusion.PowerProduct(Map.of("click", 2.0, "money", 1.0)), fusions.get("both"));
        Path out = export(run, Storage.FLOAT32); // with one called main
        try (ServingBundle bundle = ServingBundle.open(out, Verification.EVERY_FILE)) {
            assertEquals(Set.of("default", "main"), bundle.fusions().keySet());
        }
        String message = assertThrows(
                        InputException.class,
                        () -> Exporter.fusions(run, List.of("x={type: rank_sum, weights: {level: 1}}")))
                .getMessage();
        assertTrue(message.contains("fusions.x: expected a binary or regression task, found 'level'"), message);
    }

    @Test
    void aNetworkTooSmallForEightBitsIsRefused() {
        Path run = train();
        ExportOptions options = new ExportOptions(Storage.FLOAT32, true, false, Map.of(), Optional.empty());
        String message = assertThrows(
                        InputException.class,
                        () -> Exporter.export(run, folder.resolve("out"), options, InstantSource.system()))
                .getMessage();
        assertTrue(message.endsWith("quantize: expected a hidden layer of at least 2048 weights, found none"), message);
        assertFalse(Files.exists(folder.resolve("out")));
    }

    @Test
    void whatIsAlteredTruncatedOrForeignIsRefusedByName() throws IOException {
        Path run = train();
        Path out = export(run, Storage.FLOAT32);
        Path graph = out.resolve(BundleLayout.GRAPH);
        byte[] whole = Files.readAllBytes(graph);
        byte[] altered = whole.clone();
        altered[altered.length / 2] ^= 1;
        Files.write(graph, altered);
        assertRefused(out, "graph.onnx: altered");
        Files.write(graph, Arrays.copyOf(whole, whole.length - 1));
        assertRefused(out, "graph.onnx: expected " + whole.length + " bytes");
        Files.delete(graph);
        assertRefused(out, "graph.onnx: missing");
        assertRefused(run.resolve("bundle"), "no graph.onnx in it");
        assertTrue(assertThrows(InputException.class, () -> export(run, Storage.FLOAT32))
                .getMessage()
                .contains("expected no file or an empty folder"));
        try (var beside = Files.list(folder)) {
            assertFalse(beside.anyMatch(path -> path.toString().contains(".partial")));
        }
    }

    private static void assertRefused(Path bundle, String fault) {
        String message = assertThrows(
                        InputException.class,
                        () -> ServingBundle.open(bundle, Verification.EVERY_FILE)
                                .close())
                .getMessage();
        assertTrue(message.contains(fault), message);
    }

    private static String allRows() {
        return "SELECT *, " + VECTOR + " AS text, " + HEAT + " AS heat FROM ("
                + "SELECT 5 AS user_id, [3, 99, 4] AS history, NULL::DOUBLE AS price, i % 17 AS item_id, "
                + "['a', 'b', 'c'][1 + i % 3] || '|d' AS tags, 0 AS moment, true AS click, 1 AS spent"
                + " FROM range(" + ITEM_COUNT + ") AS a(i) ORDER BY i)";
    }

    private static Map<String, Column> itemColumns() {
        List<Long> ids = IntStream.range(0, ITEM_COUNT).mapToObj(i -> i % 17L).toList();
        List<String> tags = IntStream.range(0, ITEM_COUNT)
                .mapToObj(i -> List.of("a", "b", "c").get(i % 3) + "|d")
                .toList();
        List<Object> texts = new ArrayList<>();
        List<Object> heats = new ArrayList<>();
        for (long id : ids) {
            texts.add(id % 5 == 3 ? null : List.of(Math.sin((double) id), Math.cos((double) id), 0.5));
            heats.add(id % 6 == 4 ? null : Math.sin(3.0 * id));
        }
        return Map.of(
                "item_id",
                Column.ofRows(ids),
                "tags",
                Column.ofRows(tags),
                "text",
                Column.ofRows(texts),
                "heat",
                Column.ofRows(heats));
    }

    private static double[][] predictions(TrainedModel model, Dataset dataset) {
        var batch = dataset.batch();
        dataset.fill(Split.TEST, null, 0, ITEM_COUNT, batch);
        double[][] predictions = model.tasks().stream()
                .map(task -> new double[ITEM_COUNT * task.width()])
                .toArray(double[][]::new);
        model.predict(batch.inputs(), predictions);
        return predictions;
    }

    private static Map<String, float[]> scores(ServingBundle bundle, InputSide.Rows request, InputSide.Rows items)
            throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                OrtSession session = environment.createSession(bundle.graph().toString(), options)) {
            add(environment, bundle.request(), request, inputs);
            add(environment, bundle.items(), items, inputs);
            return run(session, inputs);
        } finally {
            new ArrayList<>(inputs.values()).forEach(OnnxTensor::close);
        }
    }

    private static Map<String, float[]> run(OrtSession session, Map<String, OnnxTensor> inputs) throws OrtException {
        Map<String, float[]> scores = new HashMap<>();
        try (OrtSession.Result result = session.run(inputs)) {
            for (String name : session.getOutputNames()) {
                FloatBuffer values = ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer();
                float[] copy = new float[values.remaining()];
                values.get(copy);
                scores.put(name, copy);
            }
        }
        return scores;
    }

    /// The same request by the one file alone, from the keys of its values.
    private static Map<String, float[]> allInOne(ServingBundle bundle, Dataset dataset) throws OrtException {
        LabelledBatch batch = dataset.batch();
        dataset.fill(Split.TEST, null, 0, ITEM_COUNT, batch);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                OrtSession session = environment.createSession(
                        bundle.graph().resolveSibling(BundleLayout.ALL_IN_ONE).toString(), options)) {
            List<Field> fields = bundle.schema().fields();
            for (int f = 0; f < fields.size(); f++) {
                KeyLists lists = batch.inputs().fields().get(f);
                boolean isSingle =
                        !List.of("tags", "history").contains(fields.get(f).name());
                long[][] keys = new long[ITEM_COUNT][isSingle ? 1 : 3];
                for (int b = 0; b < ITEM_COUNT; b++) {
                    int from = lists.offsets()[b];
                    System.arraycopy(lists.keys(), from, keys[b], 0, lists.offsets()[b + 1] - from);
                }
                inputs.put(fields.get(f).name(), OnnxTensor.createTensor(environment, keys));
            }
            int column = 0;
            for (GraphSignature.Input input : bundle.signature().inputs()) {
                if (input.table() == null) {
                    float[] numbers = new float[ITEM_COUNT * input.width()];
                    for (int b = 0; b < ITEM_COUNT; b++) {
                        int from = b * batch.inputs().numericWidth() + column;
                        System.arraycopy(batch.inputs().numeric(), from, numbers, b * input.width(), input.width());
                    }
                    long[] shape = {ITEM_COUNT, input.width()};
                    inputs.put(input.name(), OnnxTensor.createTensor(environment, FloatBuffer.wrap(numbers), shape));
                    column += input.width();
                }
            }
            return run(session, inputs);
        } finally {
            new ArrayList<>(inputs.values()).forEach(OnnxTensor::close);
        }
    }

    private static void add(
            OrtEnvironment environment, InputSide side, InputSide.Rows rows, Map<String, OnnxTensor> inputs)
            throws OrtException {
        for (int at = 0; at < side.inputs().size(); at++) {
            long[] shape = {rows.rowCount(), side.inputs().get(at).width()};
            inputs.put(
                    side.inputs().get(at).name(),
                    OnnxTensor.createTensor(environment, rows.tensors().get(at), shape));
        }
    }
}
