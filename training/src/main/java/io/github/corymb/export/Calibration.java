package io.github.corymb.export;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.nio.FloatBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What values of a graph are for given rows.
final class Calibration {

    private final Map<String, ValueRange> ranges = new HashMap<>();
    private final Map<String, MeanRow> means = new HashMap<>();

    private Calibration(Collection<String> values, Map<String, Integer> widths) {
        values.forEach(value -> ranges.put(value, ValueRange.NONE));
        widths.forEach((value, width) -> means.put(value, new MeanRow(width)));
    }

    /// Watches some values over all rows.
    ///
    /// @param values names of inputs and of what nodes give
    /// @param widths of those among them whose mean is wanted
    /// @param batches the graph's inputs by name, batch by batch
    static Calibration of(
            ModelProto model,
            Collection<String> values,
            Map<String, Integer> widths,
            Iterable<Map<String, FloatBuffer>> batches) {
        Set<String> inputs = model.getGraph().getInputList().stream()
                .map(ValueInfoProto::getName)
                .collect(Collectors.toSet());
        Calibration calibration = new Calibration(values, widths);
        try (OnnxGraph graph = OnnxGraph.open(giving(model, values, inputs))) {
            for (Map<String, FloatBuffer> batch : batches) {
                batch.forEach(calibration::watch);
                graph.run(batch).forEach((name, found) -> calibration.watch(name, FloatBuffer.wrap(found)));
            }
        }
        return calibration;
    }

    /// By the value's name.
    Map<String, ValueRange> ranges() {
        return ranges;
    }

    /// By the value's name.
    Map<String, MeanRow> means() {
        return means;
    }

    /// The graph with these values as its only outputs.
    private static byte[] giving(ModelProto model, Collection<String> values, Set<String> inputs) {
        GraphProto.Builder graph = model.getGraph().toBuilder().clearOutput();
        values.stream().filter(value -> !inputs.contains(value)).forEach(value -> graph.addOutput(ofFloats(value)));
        return model.toBuilder().setGraph(graph).build().toByteArray();
    }

    private static ValueInfoProto ofFloats(String name) {
        TypeProto.Tensor floats = TypeProto.Tensor.newBuilder()
                .setElemType(TensorProto.DataType.FLOAT_VALUE)
                .build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(floats))
                .build();
    }

    private void watch(String name, FloatBuffer values) {
        if (ranges.containsKey(name)) {
            ranges.put(name, ranges.get(name).with(values.duplicate()));
        }
        if (means.containsKey(name)) {
            means.get(name).add(values.duplicate());
        }
    }
}
