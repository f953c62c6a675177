package io.github.corymb.export;

import io.github.corymb.bundle.GraphSignature;
import io.github.corymb.bundle.GraphSignature.Input;
import io.github.corymb.bundle.GraphSignature.Output;
import io.github.corymb.feature.FittedTask;
import io.github.corymb.feature.Side;
import io.github.corymb.feature.Task;
import io.github.corymb.model.ModelSpec;
import io.github.corymb.model.OutputBias;
import io.github.corymb.model.TaskHead;
import io.github.corymb.tensor.Array;
import io.github.corymb.tensor.torch.TorchEngine;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// A model of four tasks over two sides of input, whose parameters are not those that it starts with.
final class SampleModel {

    static final List<FittedTask> TASKS = List.of(
            new FittedTask("like", new Task.Binary("l", null, null, null), List.of(), 0.25),
            new FittedTask("rating", new Task.Regression("r", null, null, null, null, null, null), List.of(), 3.5),
            new FittedTask(
                    "seconds",
                    new Task.Regression("s", null, null, null, null, null, Task.LabelScale.LOG),
                    List.of(),
                    5),
            new FittedTask("genre", new Task.Multiclass("g", null, null, null, null), List.of("a", "b", "c"), 0));

    /// Sides in turns, so that the columns of each lie apart in x.
    static final List<Input> INPUTS = List.of(
            new Input("user", "user", Side.USER, null, "user", 4),
            new Input("item", "item", Side.ITEM, null, "item", 3),
            new Input("hour", "hour", Side.CONTEXT, null, "hour", 2),
            new Input("price", "price", Side.ITEM, null, null, 2),
            new Input("age", "age", Side.USER, null, null, 1));

    private SampleModel() {}

    static byte[] record(ModelSpec spec, GraphSignature signature, TorchEngine engine) {
        return ModelGraph.record(spec, TASKS, signature, engine.parameters().read(), "test", "0");
    }

    static GraphSignature signature(boolean ownTables) {
        List<Input> inputs = new ArrayList<>();
        if (!ownTables) {
            inputs.addAll(INPUTS);
        } else {
            TASKS.forEach(task -> INPUTS.stream()
                    .filter(input -> input.table() != null)
                    .forEach(input -> inputs.add(new Input(
                            task.name() + "." + input.name(),
                            input.feature(),
                            input.side(),
                            task.name(),
                            input.table(),
                            input.width()))));
            INPUTS.stream().filter(input -> input.table() == null).forEach(inputs::add);
        }
        return new GraphSignature(
                inputs,
                TASKS.stream()
                        .map(task -> new Output(task.name(), task.width()))
                        .toList());
    }

    static List<TaskHead> heads() {
        return TASKS.stream()
                .map(task -> TaskHead.of(task, OutputBias.LABEL_MEAN))
                .toList();
    }

    /// Gives every parameter and every running moment a value that it does not start with.
    static void moved(TorchEngine engine) {
        SplittableRandom random = new SplittableRandom(5);
        Map<String, Array> arrays = engine.parameters().read();
        arrays.forEach((name, array) -> {
            FloatBuffer values = array.values();
            for (int i = 0; i < values.capacity(); i++) {
                float change = (float) random.nextDouble(-0.2, 0.2);
                values.put(i, name.endsWith("running_variance") ? 1 + Math.abs(change) : values.get(i) + change);
            }
        });
        engine.parameters().write(arrays);
    }

    static Map<String, float[]> rows(GraphSignature signature, int userCount, int itemCount) {
        SplittableRandom random = new SplittableRandom(3);
        Map<String, float[]> rows = new HashMap<>();
        signature.inputs().forEach(input -> {
            float[] values = new float[(input.side() == Side.ITEM ? itemCount : userCount) * input.width()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextDouble(-2, 2);
            }
            rows.put(input.name(), values);
        });
        return rows;
    }

    static Map<String, FloatBuffer> buffers(Map<String, float[]> rows) {
        Map<String, FloatBuffer> buffers = new HashMap<>();
        rows.forEach((name, values) -> buffers.put(name, FloatBuffer.wrap(values)));
        return buffers;
    }
}
