package io.github.corymb.export;

import static io.github.corymb.export.GraphBuilder.attribute;
import static io.github.corymb.export.RecordedTensor.recorded;

import ai.onnx.proto.OnnxMl.AttributeProto;
import java.util.List;

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
        if (x.parts() != null && weight.known() != null) {
            return x.value(x.parts().linear(weight.known(), weight.wantedName(), b), sizes);
        }
        RecordedTensor turned = recorded(weight.transpose(0, 1)); // [D, H]
        if (sizes.length == 2) {
            List<String> from = b == null ? List.of(x.name(), turned.name()) : List.of(x.name(), turned.name(), b);
            return x.value(graph.node("Gemm", from), sizes);
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

    /// By the running moments: x a + (shift − mean a) with a = scale / √(variance + ε).
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
        return recorded(x.multiply(constant("factor", factor)).add(constant("rest", rest)));
    }

    private RecordedTensor constant(String name, float... values) {
        return RecordedTensor.constant(graph, name, new ConstantArray(values, values.length));
    }
}
