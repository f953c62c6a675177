package io.github.corymb.export;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.InvalidProtocolBufferException;

/// How large a graph is.
///
/// @param parameterCount numbers in its constants
/// @param size bytes of the file
/// @param isQuantized whether its hidden layers multiply in 8 bits
public record GraphFigures(int nodeCount, long parameterCount, long size, boolean isQuantized) {

    /// @param graph an ONNX file that was written by an export
    /// @throws IllegalArgumentException where it is none
    public static GraphFigures of(byte[] graph) {
        try {
            ModelProto model = ModelProto.parseFrom(graph);
            GraphProto nodes = model.getGraph();
            return new GraphFigures(
                    nodes.getNodeCount(),
                    nodes.getInitializerList().stream()
                            .mapToLong(
                                    constant -> constant.getDimsList().stream().reduce(1L, Math::multiplyExact))
                            .sum(),
                    graph.length,
                    model.getMetadataPropsList().stream()
                            .anyMatch(entry -> entry.getKey().equals(QuantizedGraph.MARK)));
        } catch (InvalidProtocolBufferException foreign) {
            throw new IllegalArgumentException("expected an ONNX file: " + foreign.getMessage(), foreign);
        }
    }
}
