package io.github.corymb.export;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Which products of a graph are hidden layers: neither gates, whose softmax turns a small error into another mixture,
/// nor those that give a prediction.
final class HiddenProducts {

    private final Map<String, List<NodeProto>> consumers = new HashMap<>();
    private final Set<String> outputs;

    private HiddenProducts(GraphProto graph) {
        outputs = graph.getOutputList().stream().map(ValueInfoProto::getName).collect(Collectors.toSet());
        for (NodeProto node : graph.getNodeList()) {
            new HashSet<>(node.getInputList())
                    .forEach(value -> consumers
                            .computeIfAbsent(value, _ -> new ArrayList<>())
                            .add(node));
        }
    }

    /// The names of what they give, in the order of the graph.
    ///
    /// @param weightMinimum how many weights a layer has at least
    static Set<String> of(GraphProto graph, int weightMinimum) {
        Map<String, Long> sizes = graph.getInitializerList().stream()
                .collect(Collectors.toMap(
                        constant -> constant.getName(),
                        constant -> constant.getDimsList().stream().reduce(1L, Math::multiplyExact)));
        HiddenProducts products = new HiddenProducts(graph);
        Set<String> hidden = new LinkedHashSet<>();
        for (NodeProto node : graph.getNodeList()) {
            if (node.getOpType().equals("Gemm")
                    && sizes.getOrDefault(node.getInput(1), 0L) >= weightMinimum
                    && products.isHidden(node.getOutput(0))) {
                hidden.add(node.getOutput(0));
            }
        }
        return hidden;
    }

    private boolean isHidden(String value) {
        return !outputs.contains(value)
                && consumers.getOrDefault(value, List.of()).stream().allMatch(node -> isHiddenBefore(value, node));
    }

    private boolean isHiddenBefore(String value, NodeProto next) {
        return switch (next.getOpType()) {
            case "Softmax" -> false;
            case "MatMul" -> true;
            case "Gemm" -> next.getInput(0).equals(value) || isHidden(next.getOutput(0)); // else it is added
            default -> isHidden(next.getOutput(0));
        };
    }
}
