package io.github.corymb.export;

import static io.github.corymb.export.GraphBuilder.attribute;

import ai.onnx.proto.OnnxMl.AttributeProto;
import io.github.corymb.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// A tensor whose operations are recorded as nodes of an ONNX graph instead of being computed. It is of one of three
/// kinds: a value of the graph; a constant, which operations of shape alone turn into another constant; or the
/// model's input in its two parts. Dropout and stopped gradients are nothing here, and normalisation over a batch is by
/// the running moments.
///
/// An axis whose size is known when the graph runs only, the batch, has size −1.
final class RecordedTensor implements Tensor {

    private static final long DYNAMIC = -1;

    private final GraphBuilder graph;
    private final String name; // of a constant: what to call it; null for the input in parts
    private final ConstantArray constant; // or null
    private final InputParts parts; // or null
    private final LinearMap map; // or null
    private final long[] shape;

    private RecordedTensor(
            GraphBuilder graph, String name, ConstantArray constant, InputParts parts, LinearMap map, long... shape) {
        this.graph = graph;
        this.name = name;
        this.constant = constant;
        this.parts = parts;
        this.map = map;
        this.shape = shape.clone();
    }

    static RecordedTensor constant(GraphBuilder graph, String name, ConstantArray values) {
        return new RecordedTensor(graph, name, values, null, null, values.shape());
    }

    static RecordedTensor input(GraphBuilder graph, InputParts parts, int width) {
        return new RecordedTensor(graph, null, null, parts, null, DYNAMIC, width);
    }

    private ComposedNodes composed() {
        return new ComposedNodes(graph, this);
    }

    /// Of a constant, or null.
    ConstantArray known() {
        return constant;
    }

    /// The two parts of the model's input, or null.
    InputParts parts() {
        return parts;
    }

    /// The linear map that gives the value, or null.
    LinearMap map() {
        return map;
    }

    /// What a constant is called, whether or not it is in the graph yet.
    String wantedName() {
        return name;
    }

    /// What the value is called in the graph.
    String name() {
        if (parts != null) {
            return parts.joined();
        }
        return constant == null ? name : graph.constant(name, constant);
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    @Override
    public Tensor add(Tensor other) {
        return binary("Add", other);
    }

    @Override
    public Tensor add(double value) {
        return binary("Add", scalar(value));
    }

    @Override
    public Tensor subtract(Tensor other) {
        return binary("Sub", other);
    }

    @Override
    public Tensor multiply(Tensor other) {
        return binary("Mul", other);
    }

    @Override
    public Tensor multiply(double factor) {
        return binary("Mul", scalar(factor));
    }

    @Override
    public Tensor divide(Tensor other) {
        return binary("Div", other);
    }

    @Override
    public Tensor negate() {
        return unary("Neg");
    }

    @Override
    public Tensor matmul(Tensor other) {
        RecordedTensor right = recorded(other);
        return value(graph.node("MatMul", List.of(name(), right.name())), RecordedShapes.product(shape, right.shape));
    }

    @Override
    public Tensor linear(Tensor weight, Tensor bias) {
        return composed().affine(recorded(weight), recorded(bias));
    }

    @Override
    public Tensor linear(Tensor weight) {
        return composed().affine(recorded(weight), null);
    }

    @Override
    public Tensor transpose(int first, int second) {
        int one = axis(first);
        int two = axis(second);
        if (constant != null) {
            return constant(graph, name, constant.transpose(one, two));
        }
        long[] sizes = shape.clone();
        sizes[one] = shape[two];
        sizes[two] = shape[one];
        List<Long> order =
                new ArrayList<>(LongStream.range(0, shape.length).boxed().toList());
        order.set(one, (long) two);
        order.set(two, (long) one);
        return value(graph.node("Transpose", List.of(name()), attribute("perm", order)), sizes);
    }

    @Override
    public Tensor reshape(long... sizes) {
        if (constant != null) {
            return constant(graph, name, constant.reshape(sizes));
        }
        return value(graph.node("Reshape", List.of(name(), numbers(sizes))), sizes);
    }

    @Override
    public Tensor unsqueeze(int axis) {
        int place = axis < 0 ? axis + shape.length + 1 : axis;
        return regrouped("Unsqueeze", place, RecordedShapes.inserted(shape, place));
    }

    @Override
    public Tensor squeeze(int axis) {
        return regrouped("Squeeze", axis(axis), RecordedShapes.removed(shape, axis(axis)));
    }

    private Tensor regrouped(String operator, int axis, long... sizes) {
        return constant != null ? reshape(sizes) : value(graph.node(operator, List.of(name(), numbers(axis))), sizes);
    }

    @Override
    public Tensor narrow(int axis, long start, long length) {
        int place = axis(axis);
        if (constant != null) {
            int[] indices = IntStream.range((int) start, (int) (start + length)).toArray();
            return constant(graph, name, constant.select(place, indices));
        }
        long[] sizes = shape.clone();
        sizes[place] = length;
        return value(
                graph.node("Slice", List.of(name(), numbers(start), numbers(start + length), numbers(place))), sizes);
    }

    @Override
    public List<Tensor> unbind(int axis) {
        return composed().unbind(axis(axis));
    }

    @Override
    public Tensor concat(List<Tensor> others, int axis) {
        int place = axis(axis);
        List<RecordedTensor> all = new ArrayList<>(List.of(this));
        others.forEach(other -> all.add(recorded(other)));
        if (all.size() == 1) {
            return this;
        }
        if (all.stream().allMatch(part -> part.constant != null)) {
            return constant(
                    graph,
                    name + ".joined",
                    ConstantArray.concat(all.stream().map(part -> part.constant).toList(), place));
        }
        long[] sizes = shape.clone();
        sizes[place] = all.stream().anyMatch(part -> part.shape[place] == DYNAMIC)
                ? DYNAMIC
                : all.stream().mapToLong(part -> part.shape[place]).sum();
        List<String> names = all.stream().map(RecordedTensor::name).toList();
        return value(graph.node("Concat", names, attribute("axis", place)), sizes);
    }

    @Override
    public Tensor stack(List<Tensor> others, int axis) {
        return composed().stack(others, axis < 0 ? axis + shape.length + 1 : axis);
    }

    @Override
    public Tensor expand(long... sizes) {
        long[] least = Arrays.stream(sizes).map(size -> Math.max(size, 1)).toArray(); // 1 keeps what is there
        return value(graph.node("Expand", List.of(name(), numbers(least))), sizes);
    }

    @Override
    public Tensor sum() {
        return value(graph.node("ReduceSum", List.of(name()), attribute("keepdims", 0)));
    }

    @Override
    public Tensor sum(int axis) {
        return value(
                graph.node("ReduceSum", List.of(name(), numbers(axis(axis))), attribute("keepdims", 0)),
                RecordedShapes.removed(shape, axis(axis)));
    }

    @Override
    public Tensor mean() {
        return value(graph.node("ReduceMean", List.of(name()), attribute("keepdims", 0)));
    }

    @Override
    public Tensor mean(int axis) {
        AttributeProto axes = attribute("axes", List.of((long) axis(axis)));
        return value(
                graph.node("ReduceMean", List.of(name()), axes, attribute("keepdims", 0)),
                RecordedShapes.removed(shape, axis(axis)));
    }

    @Override
    public Tensor exp() {
        return unary("Exp");
    }

    @Override
    public Tensor log() {
        return unary("Log");
    }

    @Override
    public Tensor log1p() {
        return composed().log1p();
    }

    @Override
    public Tensor abs() {
        return unary("Abs");
    }

    @Override
    public Tensor square() {
        return binary("Mul", this);
    }

    @Override
    public Tensor sqrt() {
        return unary("Sqrt");
    }

    @Override
    public Tensor clamp(double low, double high) {
        return composed().clamp(scalar(low), scalar(high));
    }

    @Override
    public Tensor maximum(double value) {
        return binary("Max", scalar(value));
    }

    @Override
    public Tensor relu() {
        return unary("Relu");
    }

    @Override
    public Tensor silu() {
        return multiply(sigmoid());
    }

    @Override
    public Tensor gelu() {
        return composed().gelu();
    }

    @Override
    public Tensor prelu(Tensor slope) {
        return composed().prelu(recorded(slope));
    }

    @Override
    public Tensor sigmoid() {
        return unary("Sigmoid");
    }

    @Override
    public Tensor logSigmoid() {
        return composed().logSigmoid();
    }

    @Override
    public Tensor tanh() {
        return unary("Tanh");
    }

    @Override
    public Tensor softmax() {
        return value(graph.node("Softmax", List.of(name()), attribute("axis", -1)), shape);
    }

    @Override
    public Tensor logSoftmax() {
        return value(graph.node("LogSoftmax", List.of(name()), attribute("axis", -1)), shape);
    }

    @Override
    public Tensor layerNorm(Tensor scale, Tensor shift, double epsilon) {
        return composed().layerNorm(recorded(scale), recorded(shift), epsilon);
    }

    @Override
    public Tensor batchNorm(
            Tensor scale, Tensor shift, Tensor runningMean, Tensor runningVariance, double momentum, double epsilon) {
        return composed()
                .batchNorm(recorded(scale), recorded(shift), recorded(runningMean), recorded(runningVariance), epsilon);
    }

    @Override
    public Tensor dropout(double rate) {
        return this;
    }

    @Override
    public Tensor stopGradient() {
        return this;
    }

    @Override
    public Tensor gatherLast(Tensor index) {
        return composed().gatherLast(recorded(index));
    }

    Tensor binary(String operator, Tensor other) {
        RecordedTensor right = recorded(other);
        return value(graph.node(operator, List.of(name(), right.name())), RecordedShapes.broadcast(shape, right.shape));
    }

    Tensor unary(String operator) {
        return value(graph.node(operator, List.of(name())), shape);
    }

    RecordedTensor scalar(double value) {
        return constant(graph, "number", new ConstantArray(new float[] {(float) value}));
    }

    private String numbers(long... values) {
        return graph.constant("numbers", values, values.length);
    }

    RecordedTensor value(String called, long... sizes) {
        return new RecordedTensor(graph, called, null, null, null, sizes);
    }

    RecordedTensor linear(String called, LinearMap from, long... sizes) {
        return new RecordedTensor(graph, called, null, null, from, sizes);
    }

    private int axis(int axis) {
        return axis < 0 ? axis + shape.length : axis;
    }

    static RecordedTensor recorded(Tensor tensor) {
        return (RecordedTensor) tensor;
    }
}
