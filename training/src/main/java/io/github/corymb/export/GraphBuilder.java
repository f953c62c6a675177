package io.github.corymb.export;

import ai.onnx.proto.OnnxMl;
import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Nodes and constants of an ONNX graph in the order in which they were recorded, which is an order to compute them in.
/// Every value has a name of its own. For one thread.
final class GraphBuilder {

    private static final int IR_VERSION = 8; // the one that came with opset 17
    private static final int OPSET = 17;

    private final List<NodeProto> nodes = new ArrayList<>();
    private final Map<String, TensorProto> constants = new LinkedHashMap<>();
    private final Map<ConstantArray, String> names = new HashMap<>();
    private final List<OnnxMl.ValueInfoProto> inputs = new ArrayList<>();
    private final List<OnnxMl.ValueInfoProto> outputs = new ArrayList<>();
    private final Set<String> taken = new HashSet<>();

    /// A graph with the inputs, outputs and constants of another, whose names are all taken.
    static GraphBuilder over(OnnxMl.GraphProto other) {
        GraphBuilder graph = new GraphBuilder();
        graph.inputs.addAll(other.getInputList());
        graph.outputs.addAll(other.getOutputList());
        other.getInitializerList().forEach(constant -> graph.constants.put(constant.getName(), constant));
        graph.inputs.forEach(input -> graph.take(input.getName()));
        graph.taken.addAll(graph.constants.keySet());
        other.getNodeList().forEach(node -> graph.taken.addAll(node.getOutputList()));
        return graph;
    }

    /// Adds a node of such another graph as it is.
    void keep(NodeProto node) {
        nodes.add(node);
    }

    /// Adds a node with one output; its name is returned.
    String node(String operator, List<String> from, AttributeProto... attributes) {
        return named(free(operator.toLowerCase(Locale.ROOT)), operator, from, attributes);
    }

    /// Adds a node whose output has a name that is its own.
    String named(String output, String operator, List<String> from, AttributeProto... attributes) {
        nodes.add(NodeProto.newBuilder()
                .setOpType(operator)
                .setName(output)
                .addAllInput(from)
                .addOutput(output)
                .addAllAttribute(Arrays.asList(attributes))
                .build());
        return output;
    }

    /// Adds an input of the graph.
    ///
    /// @param batch what its first axis is called
    void input(String name, int elementType, String batch, long... sizes) {
        take(name);
        inputs.add(value(name, elementType, batch, sizes));
    }

    /// Adds an input of lists.
    ///
    /// @param batch what its first axis is called
    /// @param length what its second axis is called
    void listInput(String name, int elementType, String batch, String length) {
        take(name);
        inputs.add(value(name, elementType, shape(batch).addDim(named(length))));
    }

    /// Adds a node whose value is an output of the graph.
    void output(String name, String operator, List<String> from, String batch, long width) {
        take(name);
        outputs.add(value(name, TensorProto.DataType.FLOAT_VALUE, batch, width));
        named(name, operator, from);
    }

    /// The name of a constant, which is added where it is new.
    ///
    /// @param wanted what to call it; where that is taken, with a number behind
    String constant(String wanted, ConstantArray array) {
        return names.computeIfAbsent(array, _ -> {
            ByteBuffer bytes = ByteBuffer.allocate(array.count() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < array.count(); i++) {
                bytes.putFloat(array.at(i));
            }
            return constant(wanted, TensorProto.DataType.FLOAT_VALUE, bytes.flip(), array.shape());
        });
    }

    /// A constant of whole numbers.
    String constant(String wanted, long[] values, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return constant(wanted, TensorProto.DataType.INT64_VALUE, bytes, shape);
    }

    /// A constant of any type.
    ///
    /// @param bytes little-endian, row-major
    String constant(String wanted, int elementType, ByteBuffer bytes, long... shape) {
        String name = free(wanted);
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(elementType).setRawData(ByteString.copyFrom(bytes));
        Arrays.stream(shape).forEach(tensor::addDims);
        constants.put(name, tensor.build());
        return name;
    }

    static ByteBuffer bytes(byte... values) {
        return ByteBuffer.wrap(values);
    }

    static AttributeProto attribute(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    static AttributeProto attribute(String name, double value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.FLOAT)
                .setF((float) value)
                .build();
    }

    static AttributeProto attribute(String name, List<Long> values) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INTS)
                .addAllInts(values)
                .build();
    }

    /// The graph without what no output needs.
    ///
    /// @param metadata strings that go with it
    OnnxMl.ModelProto build(String name, String version, Map<String, String> metadata) {
        Set<String> needed = new HashSet<>();
        outputs.forEach(output -> needed.add(output.getName()));
        List<NodeProto> kept = new ArrayList<>();
        for (NodeProto node : nodes.reversed()) {
            if (needed.contains(node.getOutput(0))) {
                needed.addAll(node.getInputList());
                kept.add(node);
            }
        }
        Collections.reverse(kept);
        OnnxMl.GraphProto.Builder graph = OnnxMl.GraphProto.newBuilder()
                .setName(name)
                .addAllInput(inputs)
                .addAllNode(kept)
                .addAllOutput(outputs);
        constants.values().stream()
                .filter(constant -> needed.contains(constant.getName()))
                .forEach(graph::addInitializer);
        OnnxMl.ModelProto.Builder model = OnnxMl.ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("corymb")
                .setProducerVersion(version)
                .addOpsetImport(
                        OnnxMl.OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
                .setGraph(graph);
        metadata.forEach((key, value) -> model.addMetadataProps(
                OnnxMl.StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return model.build();
    }

    private static OnnxMl.ValueInfoProto value(String name, int elementType, String batch, long... sizes) {
        OnnxMl.TensorShapeProto.Builder shape = shape(batch);
        Arrays.stream(sizes)
                .forEach(size -> shape.addDim(
                        OnnxMl.TensorShapeProto.Dimension.newBuilder().setDimValue(size)));
        return value(name, elementType, shape);
    }

    private static OnnxMl.ValueInfoProto value(String name, int elementType, OnnxMl.TensorShapeProto.Builder shape) {
        return OnnxMl.ValueInfoProto.newBuilder()
                .setName(name)
                .setType(OnnxMl.TypeProto.newBuilder()
                        .setTensorType(OnnxMl.TypeProto.Tensor.newBuilder()
                                .setElemType(elementType)
                                .setShape(shape)))
                .build();
    }

    private static OnnxMl.TensorShapeProto.Builder shape(String batch) {
        return OnnxMl.TensorShapeProto.newBuilder().addDim(named(batch));
    }

    private static OnnxMl.TensorShapeProto.Dimension.Builder named(String size) {
        return OnnxMl.TensorShapeProto.Dimension.newBuilder().setDimParam(size);
    }

    private void take(String name) {
        if (!taken.add(name)) {
            throw new IllegalArgumentException("'" + name + "': expected a name that no other input or output has");
        }
    }

    private String free(String wanted) {
        String name = wanted;
        for (int number = 1; !taken.add(name); number++) {
            name = wanted + "." + number;
        }
        return name;
    }
}
