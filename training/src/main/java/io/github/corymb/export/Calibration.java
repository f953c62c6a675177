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

    private Calibration() {}

    /// The range of some values over all rows.
    ///
    /// @param values names of inputs and of what nodes give
    /// @param batches the graph's inputs by name, batch by batch
    static Map<String, ValueRange> ranges(
            ModelProto model, Collection<String> values, Iterable<Map<String, FloatBuffer>> batches) {
        Set<String> inputs = model.getGraph().getInputList().stream()
                .map(ValueInfoProto::getName)
                .collect(Collectors.toSet());
        Map<String, ValueRange> ranges = new HashMap<>();
        values.forEach(value -> ranges.put(value, ValueRange.NONE));
        try (OnnxGraph graph = OnnxGraph.open(giving(model, values, inputs))) {
            for (Map<String, FloatBuffer> batch : batches) {
                batch.forEach((name, buffer) -> widen(ranges, name, buffer.duplicate()));
                graph.run(batch).forEach((name, found) -> widen(ranges, name, FloatBuffer.wrap(found)));
            }
        }
        return ranges;
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

    private static void widen(Map<String, ValueRange> ranges, String name, FloatBuffer values) {
        ValueRange known = ranges.get(name);
        if (known != null) {
            float low = known.low();
            float high = known.high();
            while (values.hasRemaining()) {
                float value = values.get();
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
            ranges.put(name, new ValueRange(low, high));
        }
    }
}
