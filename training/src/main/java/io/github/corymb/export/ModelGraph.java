package io.github.corymb.export;

import ai.onnx.proto.OnnxMl.TensorProto;
import io.github.corymb.bundle.GraphSignature;
import io.github.corymb.bundle.GraphSignature.Input;
import io.github.corymb.feature.Feature;
import io.github.corymb.feature.FittedTask;
import io.github.corymb.feature.Pooling;
import io.github.corymb.feature.Side;
import io.github.corymb.feature.Task;
import io.github.corymb.model.ModelSpec;
import io.github.corymb.model.MultiTaskModel;
import io.github.corymb.model.TaskHead;
import io.github.corymb.tensor.Array;
import io.github.corymb.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A trained model as an ONNX graph of opset 17: the model's own class, run once over tensors that record.
///
/// Parameters are constants under their names in the store, weights turned to [D, H], and to two where the input is
/// split ([InputParts]): `NAME.user` and `NAME.item`. A weight before a batch normalisation is scaled by it:
/// `NAME.scaled`. What the network gives becomes predictions in the graph, as [FittedTask#predict(float[], int,
/// double[], int)] does in double: in float it differs by a few units of the last place.
public final class ModelGraph {

    private static final String USER_BATCH = "users";
    private static final String ITEM_BATCH = "items";

    private final GraphBuilder graph = new GraphBuilder();
    private final GraphSignature signature;
    private final Map<String, String> values = new HashMap<>(); // of each input, [B, width], by its name

    private ModelGraph(GraphSignature signature) {
        this.signature = signature;
    }

    /// The bytes of an ONNX file.
    ///
    /// @param signature whose inputs the graph takes
    /// @param parameters of the trained model, by name
    /// @throws IllegalArgumentException where they are not this model's
    public static byte[] record(
            ModelSpec spec,
            List<FittedTask> tasks,
            GraphSignature signature,
            Map<String, Array> parameters,
            String name,
            String version) {
        ModelGraph recorded = new ModelGraph(signature);
        signature.inputs().forEach(recorded::takeNumbers);
        return recorded.record(spec, tasks, parameters)
                .build(name, version, Map.of())
                .toByteArray();
    }

    /// The same with the tables inside: an embedded feature's input is then the 64-bit keys of its values, [B, 1], or
    /// [B, L] for bags and sequences, in which 0 is no key.
    ///
    /// @param features by name, those of the inputs
    /// @param tables by name, those of the inputs
    public static byte[] recordAllInOne(
            ModelSpec spec,
            List<FittedTask> tasks,
            GraphSignature signature,
            Map<String, Array> parameters,
            Map<String, Feature> features,
            Map<String, LookupTable> tables,
            String name,
            String version) {
        ModelGraph recorded = new ModelGraph(signature);
        KeyLookup lookup = new KeyLookup(recorded.graph, tables);
        for (Input input : signature.inputs()) {
            if (input.table() == null) {
                recorded.takeNumbers(input);
            } else {
                recorded.takeKeys(input, features.get(input.feature()), lookup);
            }
        }
        return recorded.record(spec, tasks, parameters)
                .build(name, version, Map.of())
                .toByteArray();
    }

    private void takeNumbers(Input input) {
        graph.input(input.name(), TensorProto.DataType.FLOAT_VALUE, batchOf(input), input.width());
        values.put(input.name(), input.name());
    }

    private void takeKeys(Input input, Feature feature, KeyLookup lookup) {
        String name = input.feature(); // one for all tasks
        boolean isTaken = values.containsKey(name + ".keys");
        Pooling pooling = switch (feature) {
            case Feature.Bag bag -> bag.pooling();
            case Feature.Sequence sequence -> sequence.pooling();
            case Feature.Categorical _, Feature.Numeric _, Feature.Dense _ -> null; // of one key
        };
        if (!isTaken) {
            values.put(name + ".keys", name);
            if (pooling == null) {
                graph.input(name, TensorProto.DataType.INT64_VALUE, batchOf(input), 1);
            } else {
                graph.listInput(name, TensorProto.DataType.INT64_VALUE, batchOf(input), name + ".length");
            }
        }
        values.put(
                input.name(),
                pooling == null
                        ? lookup.single(name, input.table())
                        : lookup.pooled(name, input.table(), pooling)); // [B, width]
    }

    private GraphBuilder record(ModelSpec spec, List<FittedTask> tasks, Map<String, Array> parameters) {
        List<Tensor> inputs = (spec.ownTables() ? tasks.stream().map(FittedTask::name) : Stream.of((String) null))
                .map(this::input)
                .toList(); // one [B, D], or K
        int inputWidth = (int) inputs.getFirst().shape()[1]; // D
        List<TaskHead> heads = tasks.stream()
                .map(task -> new TaskHead(task.name(), task.width()))
                .toList();
        // One after the other, an engine computes each layer's product, bias and rectifier together.
        MultiTaskModel model = spec.looped().build(new KnownParameters(graph, parameters), inputWidth, heads);
        List<Tensor> outputs = model.forward(inputs);
        boolean hasItem = signature.inputs().stream().anyMatch(input -> input.side() == Side.ITEM);
        for (int k = 0; k < tasks.size(); k++) {
            predict(tasks.get(k), RecordedTensor.recorded(outputs.get(k)), hasItem ? ITEM_BATCH : USER_BATCH);
        }
        return graph;
    }

    /// Turns what the network gives for a task into its predictions.
    private void predict(FittedTask task, RecordedTensor z, String batch) { // [B, width]
        switch (task.task()) {
            case Task.Binary _ -> graph.output(task.name(), "Sigmoid", List.of(z.name()), batch, task.width());
            case Task.Multiclass _ -> graph.output(task.name(), "Softmax", List.of(z.name()), batch, task.width());
            case Task.Regression regression -> {
                switch (regression.scale()) {
                    case LINEAR -> graph.output(task.name(), "Identity", List.of(z.name()), batch, task.width());
                    case LOG -> {
                        String one = graph.constant("one", new ConstantArray(new float[] {1}));
                        List<String> from =
                                List.of(RecordedTensor.recorded(z.exp()).name(), one);
                        graph.output(task.name(), "Sub", from, batch, task.width()); // e^z − 1
                    }
                }
            }
        }
    }

    /// The input of a task, or of all where `task` is null: its embedded features in order, then the others.
    private Tensor input(String task) {
        List<Input> own = signature.inputs().stream()
                .filter(input -> input.task() == null || input.task().equals(task))
                .toList();
        List<Integer> userColumns = new ArrayList<>();
        List<Integer> itemColumns = new ArrayList<>();
        int width = 0;
        for (Input input : own) {
            List<Integer> columns = input.side() == Side.ITEM ? itemColumns : userColumns;
            IntStream.range(width, width + input.width()).forEach(columns::add);
            width += input.width();
        }
        InputParts parts =
                new InputParts(graph, joined(own, false), joined(own, true), ints(userColumns), ints(itemColumns));
        return RecordedTensor.input(graph, parts, width); // [B, D]
    }

    /// The inputs of one side, side by side, or null where there are none.
    private String joined(List<Input> inputs, boolean ofItem) {
        List<String> names = inputs.stream()
                .filter(input -> (input.side() == Side.ITEM) == ofItem)
                .map(input -> values.get(input.name()))
                .toList();
        return switch (names.size()) {
            case 0 -> null;
            case 1 -> names.getFirst();
            default -> graph.node("Concat", names, GraphBuilder.attribute("axis", 1));
        };
    }

    private static String batchOf(Input input) {
        return input.side() == Side.ITEM ? ITEM_BATCH : USER_BATCH;
    }

    private static int[] ints(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }
}
