package io.github.corymb.export;

import static io.github.corymb.export.GraphBuilder.attribute;
import static io.github.corymb.export.RecordedTensor.recorded;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.github.corymb.tensor.Tensor;
import java.util.List;
import java.util.stream.LongStream;

/// Operations on a tensor that take several nodes of opset 17.
record ComposedNodes(GraphBuilder graph, RecordedTensor x) {

    /// x Wᵀ + b, with the weight turned when the graph is made where it is a constant.
    ///
    /// @param weight [H, D]
    /// @param bias [H], or null
    RecordedTensor affine(RecordedTensor weight, RecordedTensor bias) {
        long[] sizes = x.shape();
        sizes[sizes.length - 1] = weight.shape()[0];
        String b = bias == null ? null : bias.name();
        LinearMap map = new LinearMap(x, weight, bias);
        if (x.parts() != null && weight.known() != null) {
            return x.linear(x.parts().linear(weight.known(), weight.wantedName(), b), map, sizes);
        }
        RecordedTensor turned = recorded(weight.transpose(0, 1)); // [D, H]
        if (sizes.length == 2) {
            List<String> from = b == null ? List.of(x.name(), turned.name()) : List.of(x.name(), turned.name(), b);
            return x.linear(graph.node("Gemm", from), map, sizes);
        }
        RecordedTensor product = recorded(x.matmul(turned));
        return bias == null ? product : recorded(product.add(bias));
    }

    /// x log(u) / (u − 1) with u = 1 + x as it is rounded, and x where u is 1: Kahan's correction of the rounding.
    RecordedTensor log1p() {
        RecordedTensor u = recorded(x.add(1));
        RecordedTensor exact = recorded(x.multiply(u.log()).divide(u.add(-1)));
        String isOne = graph.node("Equal", List.of(u.name(), x.scalar(1).name()));
        return x.value(graph.node("Where", List.of(isOne, x.name(), exact.name())), x.shape());
    }

    /// −log(1 + e^−x)
    Tensor logSigmoid() {
        return recorded(recorded(x.negate()).unary("Softplus")).negate();
    }

    RecordedTensor clamp(RecordedTensor low, RecordedTensor high) {
        return x.value(graph.node("Clip", List.of(x.name(), low.name(), high.name())), x.shape());
    }

    RecordedTensor gatherLast(RecordedTensor index) {
        String whole = graph.node("Cast", List.of(index.name()), attribute("to", DataType.INT64_VALUE));
        return x.value(graph.node("GatherElements", List.of(x.name(), whole), attribute("axis", -1)), index.shape());
    }

    /// One node a part, instead of a slice and a squeeze.
    List<Tensor> unbind(int axis) {
        long[] sizes = RecordedShapes.removed(x.shape(), axis);
        String whole = x.name();
        return LongStream.range(0, x.shape()[axis])
                .mapToObj(index -> {
                    String at = graph.constant("index", new long[] {index});
                    return (Tensor) x.value(graph.node("Gather", List.of(whole, at), attribute("axis", axis)), sizes);
                })
                .toList();
    }

    /// x (1 + erf(x / √2)) / 2; ONNX has a node of its own from opset 20 on, and engines join these five.
    RecordedTensor gelu() {
        RecordedTensor scaled = recorded(x.divide(x.scalar(Math.sqrt(2))));
        return recorded(x.multiply(recorded(scaled.unary("Erf")).add(1)).multiply(0.5));
    }

    /// Of x less its mean, which changes nothing but what is rounded: ONNX Runtime takes the variance as the mean of
    /// the squares less the square of the mean, which far from 0 cancels.
    RecordedTensor layerNorm(RecordedTensor scale, RecordedTensor shift, double epsilon) {
        AttributeProto last = attribute("axes", List.of(-1L));
        String mean = graph.node("ReduceMean", List.of(x.name()), last);
        String centred = graph.node("Sub", List.of(x.name(), mean));
        List<String> from = List.of(centred, scale.name(), shift.name());
        return x.value(
                graph.node("LayerNormalization", from, attribute("axis", -1), attribute("epsilon", epsilon)),
                x.shape());
    }

    /// Along an axis that is there, side by side and divided anew, which moves each part once.
    Tensor stack(List<Tensor> others, int axis) {
        long[] sizes = x.shape();
        if (axis == sizes.length || x.known() != null) {
            return x.unsqueeze(axis)
                    .concat(others.stream().map(other -> other.unsqueeze(axis)).toList(), axis);
        }
        long[] stacked = RecordedShapes.inserted(sizes, axis);
        stacked[axis] = others.size() + 1L;
        return x.concat(others, axis).reshape(stacked);
    }

    /// One slope for all columns is a number of the node, which engines compute together with the product before it.
    RecordedTensor prelu(RecordedTensor slope) {
        boolean isNumber = slope.known() != null && slope.known().count() == 1;
        return x.value(
                isNumber
                        ? graph.node(
                                "LeakyRelu",
                                List.of(x.name()),
                                attribute("alpha", slope.known().at(0)))
                        : graph.node("PRelu", List.of(x.name(), slope.name())),
                x.shape());
    }

    /// By the running moments: x a + (shift − mean a) with a = scale / √(variance + ε). Where x is a linear map, the
    /// whole is one too.
    RecordedTensor batchNorm(
            RecordedTensor scale,
            RecordedTensor shift,
            RecordedTensor runningMean,
            RecordedTensor runningVariance,
            double epsilon) {
        int width = scale.known().count(); // H
        float[] factor = new float[width];
        float[] rest = new float[width];
        for (int h = 0; h < width; h++) {
            double a = scale.known().at(h) / Math.sqrt(runningVariance.known().at(h) + epsilon);
            factor[h] = (float) a;
            rest[h] = (float) (shift.known().at(h) - runningMean.known().at(h) * a);
        }
        LinearMap map = x.map();
        if (map == null || map.weight().known() == null || map.bias() != null) {
            return recorded(x.multiply(constant("factor", factor)).add(constant("rest", rest)));
        }
        String name = map.weight().wantedName();
        RecordedTensor scaled = RecordedTensor.constant(
                graph, name + ".scaled", map.weight().known().scaled(factor));
        return recorded(map.x().linear(scaled, constant(name + ".rest", rest)));
    }

    private RecordedTensor constant(String name, float... values) {
        return RecordedTensor.constant(graph, name, new ConstantArray(values, values.length));
    }
}
