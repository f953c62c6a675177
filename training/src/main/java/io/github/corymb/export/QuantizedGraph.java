package io.github.corymb.export;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A recorded graph whose hidden layers multiply in 8 bits: weights as −64 to 64 with a scale an output, their
/// inputs as 0 to 255 over the range that calibration found, sums in 32 bits.
///
///     y_h = s_x s_h (Σ_d (x̂_d − ẑ) Ŵ_dh + b̂_h)
///     x̂ = round(x / s_x) + ẑ, Ŵ = round(W / s_h), b̂ = round((b + E[x] (W − s_h Ŵ)) / s_x s_h)
///
/// What rounding of weights takes from an output on average over the calibration rows is given back with b.
///
/// Quantise and dequantise nodes of opset 17 stand around each product, which an engine computes as one; a rectifier
/// behind it is the lower end of what 8 bits hold. The user's part of a first layer is b, and computed once as before.
/// Inputs and outputs of the graph are those of the graph in float32, as are gates and layers that give a prediction.
///
/// Jacob et al., *Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference*,
/// CVPR 2018; Nagel et al., *Data-Free Quantization Through Weight Equalization and Bias Correction*, ICCV 2019.
public final class QuantizedGraph {

    /// What the file's metadata call it.
    static final String MARK = "quantized";

    /// Fewer weights cost as much as their rounding.
    private static final int WEIGHT_MINIMUM = 2048;

    private final GraphBuilder graph;
    private final Map<String, TensorProto> constants;
    private final Map<String, List<NodeProto>> consumers = new HashMap<>();
    private final Set<String> products; // what is computed in 8 bits
    private final Set<String> rectified; // what rectifiers make of them
    private final Map<String, ValueRange> ranges;
    private final Map<String, MeanRow> means; // of the products' inputs
    private final Map<String, Rounded> rounded = new HashMap<>(); // by the value's name
    private final Set<String> done = new HashSet<>(); // values that stand already

    /// A value in 8 bits, and back from there.
    private record Rounded(String bits, String scale, String zero, String value, float step) {}

    private QuantizedGraph(
            GraphProto graph, Set<String> products, Map<String, TensorProto> constants, Calibration calibration) {
        this.graph = GraphBuilder.over(graph);
        this.products = products;
        this.constants = constants;
        ranges = calibration.ranges();
        means = calibration.means();
        graph.getNodeList()
                .forEach(node -> node.getInputList()
                        .forEach(value -> consumers
                                .computeIfAbsent(value, _ -> new ArrayList<>())
                                .add(node)));
        rectified = products.stream()
                .map(this::rectifier)
                .filter(Objects::nonNull)
                .map(node -> node.getOutput(0))
                .collect(Collectors.toSet());
    }

    /// The bytes of an ONNX file. Equal rows give equal bytes.
    ///
    /// @param recorded those of one as [ModelGraph] records it
    /// @param rows typical ones, batch by batch: the graph's inputs by name
    /// @throws IllegalArgumentException where it has no hidden layer that is worth it
    public static byte[] of(byte[] recorded, Iterable<Map<String, FloatBuffer>> rows) {
        return of(recorded, rows, WEIGHT_MINIMUM);
    }

    /// @param weightMinimum how many weights a layer has at least to be rounded
    static byte[] of(byte[] recorded, Iterable<Map<String, FloatBuffer>> rows, int weightMinimum) {
        ModelProto model;
        try {
            model = ModelProto.parseFrom(recorded);
        } catch (InvalidProtocolBufferException foreign) {
            throw new IllegalArgumentException("expected an ONNX file: " + foreign.getMessage(), foreign);
        }
        GraphProto graph = model.getGraph();
        Set<String> products = HiddenProducts.of(graph, weightMinimum);
        if (products.isEmpty()) {
            throw new IllegalArgumentException(
                    "quantize: expected a hidden layer of at least %d weights, found none".formatted(weightMinimum));
        }
        Map<String, TensorProto> constants = graph.getInitializerList().stream()
                .collect(Collectors.toMap(TensorProto::getName, Function.identity()));
        Set<String> watched = new HashSet<>(products);
        Map<String, Integer> widths = new HashMap<>(); // of the products' inputs
        for (NodeProto node : graph.getNodeList()) {
            if (node.getInputList().stream().anyMatch(products::contains)) {
                watched.add(node.getOutput(0)); // such as a rectifier's
            }
            if (products.contains(node.getOutput(0))) {
                watched.addAll(node.getInputList());
                widths.put(
                        node.getInput(0), (int) constants.get(node.getInput(1)).getDims(0));
            }
        }
        watched.removeAll(constants.keySet());
        Calibration calibration = Calibration.of(model, watched, widths, rows);
        QuantizedGraph quantized = new QuantizedGraph(graph, products, constants, calibration);
        quantized.unite(graph);
        graph.getNodeList().forEach(quantized::add);
        return quantized
                .graph
                .build(graph.getName(), model.getProducerVersion(), Map.of(MARK, "int8"))
                .toByteArray();
    }

    /// Gives what is joined the same range, so that it can be joined in 8 bits.
    private void unite(GraphProto recorded) {
        for (NodeProto node : recorded.getNodeList()) {
            if (isJoined(node)) {
                ValueRange all =
                        node.getInputList().stream().map(ranges::get).reduce(ValueRange.NONE, ValueRange::with);
                node.getInputList().forEach(value -> ranges.put(value, all));
            }
        }
    }

    private boolean isJoined(NodeProto node) {
        return node.getOpType().equals("Concat") && rectified.containsAll(node.getInputList());
    }

    /// The rectifier that alone reads a product, or null.
    private NodeProto rectifier(String product) {
        List<NodeProto> next = consumers.getOrDefault(product, List.of());
        return next.size() == 1 && next.getFirst().getOpType().equals("Relu") ? next.getFirst() : null;
    }

    private void add(NodeProto node) {
        String name = node.getOutput(0);
        if (done.contains(name)) {
            return;
        }
        if (products.contains(name)) {
            addProduct(node);
        } else if (isJoined(node)) {
            List<Rounded> parts = node.getInputList().stream().map(rounded::get).toList();
            String bits = graph.node(
                    "Concat",
                    parts.stream().map(Rounded::bits).toList(),
                    node.getAttributeList().getFirst());
            Rounded first = parts.getFirst();
            back(name, bits, first.scale(), first.zero(), first.step());
        } else if (node.getOpType().equals("LeakyRelu") && products.contains(node.getInput(0))) {
            // As a node of its own: engines join the other with the product, and then multiply in float.
            float slope = node.getAttribute(0).getF();
            String constant = graph.constant("slope", new ConstantArray(new float[] {slope}, 1));
            graph.named(name, "PRelu", List.of(node.getInput(0), constant));
        } else {
            graph.keep(node);
        }
    }

    private void addProduct(NodeProto node) {
        String x = node.getInput(0);
        Rounded from = rounded.containsKey(x) ? rounded.get(x) : round(x);
        TensorProto weights = constants.get(node.getInput(1));
        String added = node.getInputCount() > 2 ? node.getInput(2) : null;
        QuantizedWeights w = QuantizedWeights.of(ConstantArray.of(weights), from.step(), means.get(x), sizeOf(added));
        String bias;
        if (added == null) {
            int width = w.sums().length;
            bias = w.bias(graph, node.getInput(1), new ConstantArray(new float[width], width));
        } else if (constants.containsKey(added)) {
            bias = w.bias(graph, added, ConstantArray.of(constants.get(added)));
        } else {
            bias = w.bias(graph, added);
        }
        List<String> inputs = List.of(from.value(), w.dequantized(graph, node.getInput(1)), bias);
        NodeProto next = rectifier(node.getOutput(0));
        if (next == null) {
            graph.named(node.getOutput(0), "Gemm", inputs);
            return;
        }
        String name = next.getOutput(0);
        ValueRange range = ranges.get(name);
        String scale = scale(range);
        String zero = zero(range);
        String product = graph.node("Gemm", inputs);
        back(name, graph.node("QuantizeLinear", List.of(product, scale, zero)), scale, zero, range.scale());
        done.add(name);
    }

    /// The greatest distance from 0 of what is added to a product; 0 for nothing.
    private float sizeOf(String added) {
        if (added == null) {
            return 0;
        }
        return constants.containsKey(added)
                ? ConstantArray.of(constants.get(added)).size()
                : ranges.get(added).size();
    }

    /// Rounds a value that is there in float32.
    private Rounded round(String value) {
        ValueRange range = ranges.get(value);
        String scale = scale(range);
        String zero = zero(range);
        String bits = graph.node("QuantizeLinear", List.of(value, scale, zero));
        String back = graph.node("DequantizeLinear", List.of(bits, scale, zero));
        Rounded result = new Rounded(bits, scale, zero, back, range.scale());
        rounded.put(value, result);
        return result;
    }

    /// A value of the recorded graph from its 8 bits.
    private void back(String name, String bits, String scale, String zero, float step) {
        graph.named(name, "DequantizeLinear", List.of(bits, scale, zero));
        rounded.put(name, new Rounded(bits, scale, zero, name, step));
    }

    private String scale(ValueRange range) {
        return graph.constant("scale", new ConstantArray(new float[] {range.scale()}));
    }

    private String zero(ValueRange range) {
        return graph.constant("zero", TensorProto.DataType.UINT8_VALUE, GraphBuilder.bytes(range.zero()));
    }
}
