package io.github.corymb.bench;

import io.github.corymb.bundle.GraphSignature;
import io.github.corymb.embedding.DirectFloats;
import io.github.corymb.export.ModelGraph;
import io.github.corymb.export.OnnxGraph;
import io.github.corymb.export.QuantizedGraph;
import io.github.corymb.feature.FittedTask;
import io.github.corymb.feature.Side;
import io.github.corymb.feature.Task;
import io.github.corymb.model.Mmoe;
import io.github.corymb.model.ModelSpec;
import io.github.corymb.model.TaskHead;
import io.github.corymb.tensor.Device;
import io.github.corymb.tensor.Precision;
import io.github.corymb.tensor.torch.TorchEngine;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Requests to exported graphs in ONNX Runtime on one thread: the user's part once or with every item, in float32 or in
/// 8 bits.
final class GraphSuite implements Suite {

    private static final int CALIBRATION_ROW_COUNT = 1024;

    private final List<Size> sizes;
    private final List<Integer> itemCounts;
    private final int requestCount;

    /// A network and its input.
    ///
    /// @param userWidths of the inputs that a request gives once
    /// @param itemWidths of those that each item gives
    record Size(String name, ModelSpec model, int taskCount, List<Integer> userWidths, List<Integer> itemWidths) {

        /// The network of examples/movielens/mmoe.yaml.
        static final Size MOVIELENS = new Size(
                "movielens",
                mmoe(List.of(128, 64), 32),
                3,
                List.of(16, 16, 1, 1, 1, 1),
                List.of(16, 16, 1, 1, 1, 1, 1));

        /// 40 fields of 16, half of them the user's, and four tasks.
        static final Size WIDE = new Size("wide", mmoe(List.of(256, 128), 64), 4, sixteens(20), sixteens(20));

        /// The same over 80 fields, whose first layers are nearly all of it.
        static final Size WIDER = new Size("wider", mmoe(List.of(256, 128), 64), 4, sixteens(40), sixteens(40));

        /// And over 160.
        static final Size WIDEST = new Size("widest", mmoe(List.of(256, 128), 64), 4, sixteens(80), sixteens(80));

        static ModelSpec mmoe(List<Integer> expert, int tower) {
            return new Mmoe.Spec(8, expert, List.of(tower), null, null, null, null, null);
        }

        static List<Integer> sixteens(int count) {
            return IntStream.range(0, count).mapToObj(_ -> 16).toList();
        }
    }

    /// @param requestCount of a round
    GraphSuite(List<Size> sizes, List<Integer> itemCounts, int requestCount) {
        this.sizes = sizes;
        this.itemCounts = itemCounts;
        this.requestCount = requestCount;
    }

    static GraphSuite standard() {
        return new GraphSuite(List.of(Size.MOVIELENS, Size.WIDE, Size.WIDER, Size.WIDEST), List.of(200, 500), 10);
    }

    @Override
    public String name() {
        return "graph";
    }

    @Override
    public String purpose() {
        return "exported graphs on one thread: the user once against with every item, float32 against 8 bits";
    }

    @Override
    public void run(Session session) throws Exception {
        for (Size size : sizes) {
            GraphSignature signature = signature(size);
            byte[] recorded = record(size, signature);
            byte[] quantized =
                    QuantizedGraph.of(recorded, List.of(rows(signature, CALIBRATION_ROW_COUNT, CALIBRATION_ROW_COUNT)));
            try (OnnxGraph exact = OnnxGraph.open(recorded);
                    OnnxGraph rounded = OnnxGraph.open(quantized)) {
                for (int itemCount : itemCounts) {
                    Map<String, FloatBuffer> once = rows(signature, 1, itemCount);
                    Map<String, FloatBuffer> repeated = rows(signature, itemCount, itemCount);
                    String what = "%s, %d items".formatted(size.name(), itemCount);
                    double[] rates = session.compare(
                            what,
                            "requests/s",
                            List.of(
                                    new Contender("float32, a row of the user an item", () -> rate(exact, repeated)),
                                    new Contender("float32, the user once", () -> rate(exact, once)),
                                    new Contender("int8, a row of the user an item", () -> rate(rounded, repeated)),
                                    new Contender("int8, the user once", () -> rate(rounded, once))));
                    session.noteRatio(what + ", the user once against an item, float32", rates[1], rates[0]);
                    session.noteRatio(what + ", int8 against float32, the user once", rates[3], rates[1]);
                }
            }
        }
    }

    private double rate(OnnxGraph graph, Map<String, FloatBuffer> rows) {
        long start = System.nanoTime();
        for (int i = 0; i < requestCount; i++) {
            graph.run(rows);
        }
        return requestCount / Session.secondsSince(start);
    }

    private static GraphSignature signature(Size size) {
        List<GraphSignature.Input> inputs = new ArrayList<>();
        for (int i = 0; i < size.userWidths().size(); i++) {
            inputs.add(input("user" + i, Side.USER, size.userWidths().get(i)));
        }
        for (int i = 0; i < size.itemWidths().size(); i++) {
            inputs.add(input("item" + i, Side.ITEM, size.itemWidths().get(i)));
        }
        List<GraphSignature.Output> outputs = tasks(size).stream()
                .map(task -> new GraphSignature.Output(task.name(), 1))
                .toList();
        return new GraphSignature(inputs, outputs);
    }

    private static GraphSignature.Input input(String name, Side side, int width) {
        return new GraphSignature.Input(name, name, side, null, null, width);
    }

    private static List<FittedTask> tasks(Size size) {
        Task.Binary binary = new Task.Binary("label", null, null, null);
        return IntStream.range(0, size.taskCount())
                .mapToObj(k -> new FittedTask("task" + k, binary, List.of(), 0.5))
                .toList();
    }

    /// With parameters as they start.
    private static byte[] record(Size size, GraphSignature signature) {
        int width = signature.inputs().stream()
                .mapToInt(GraphSignature.Input::width)
                .sum(); // D
        List<TaskHead> heads =
                tasks(size).stream().map(task -> new TaskHead(task.name(), 1)).toList();
        try (TorchEngine engine = new TorchEngine(new Device.Cpu(), Precision.FLOAT32, 1, 1)) {
            size.model().build(engine.parameters(), width, heads);
            return ModelGraph.record(
                    size.model(), tasks(size), signature, engine.parameters().read(), size.name(), "bench");
        }
    }

    private static Map<String, FloatBuffer> rows(GraphSignature signature, int userCount, int itemCount) {
        SplittableRandom random = new SplittableRandom(1);
        Map<String, FloatBuffer> rows = new HashMap<>();
        for (GraphSignature.Input input : signature.inputs()) {
            int count = input.width() * (input.side() == Side.ITEM ? itemCount : userCount);
            FloatBuffer values = DirectFloats.collected(count); // [rows, width]
            for (int i = 0; i < count; i++) {
                values.put(i, (float) random.nextGaussian());
            }
            rows.put(input.name(), values);
        }
        return rows;
    }
}
