package io.github.corymb.export;

import static io.github.corymb.export.GraphBuilder.attribute;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// The weights of a product in 8 bits, with a scale an output, by which what is added to it is rounded too.
///
///     Ŵ_dh = round(W_dh / s_h)        s_h = max_d |W_dh| / 64
///
/// Beyond 64 the sum of two products with inputs up to 255 would not fit into 16 bits, in which x86 processors without
/// VNNI add them, and end at the greatest number that does.
///
/// @param values Ŵ [D, H], row-major
/// @param scales s_h [H]
/// @param sums s_x s_h [H]: what 1 in a sum of products stands for
/// @param lost E[x] (W − s_h Ŵ) [H]: what rounding takes from an output on average, given back with the bias
@SuppressWarnings("ArrayRecordComponent") // never compared
record QuantizedWeights(byte[] values, float[] scales, float[] sums, float[] lost) {

    private static final int GREATEST = 64;
    private static final double SUM_LIMIT = 1 << 24; // far from overflow, and as exact as float32

    /// @param weights W [D, H]
    /// @param step s_x, of the product's input
    /// @param mean E[x], of the product's input
    /// @param addedSize the greatest distance from 0 of what is added
    static QuantizedWeights of(ConstantArray weights, float step, MeanRow mean, float addedSize) {
        int width = weights.size(1); // H
        float[] scales = new float[width];
        for (int i = 0; i < weights.count(); i++) {
            scales[i % width] = Math.max(scales[i % width], Math.abs(weights.at(i)) / GREATEST);
        }
        float least = (float) Math.max(addedSize / SUM_LIMIT / step, Float.MIN_NORMAL);
        float[] sums = new float[width];
        for (int h = 0; h < width; h++) {
            scales[h] = Math.max(scales[h], least); // of an output that hardly depends on its input
            sums[h] = step * scales[h];
        }
        byte[] values = new byte[weights.count()];
        float[] lost = new float[width];
        for (int i = 0; i < values.length; i++) {
            int h = i % width;
            values[i] = (byte) Math.clamp(Math.round(weights.at(i) / scales[h]), -GREATEST, GREATEST);
            lost[h] += (float) (mean.at(i / width) * (weights.at(i) - scales[h] * values[i]));
        }
        return new QuantizedWeights(values, scales, sums, lost);
    }

    /// W as engines see it: from its 8 bits. // [D, H]
    String dequantized(GraphBuilder graph, String name) {
        int width = scales.length;
        String bits = graph.constant(
                name, TensorProto.DataType.INT8_VALUE, GraphBuilder.bytes(values), values.length / width, width);
        String zeros = graph.constant(
                name + ".zeros", TensorProto.DataType.INT8_VALUE, GraphBuilder.bytes(new byte[width]), width);
        String steps = graph.constant(name + ".scales", new ConstantArray(scales, width));
        return graph.node("DequantizeLinear", List.of(bits, steps, zeros), attribute("axis", 1));
    }

    /// A bias that is known, in 32 bits. // [H]
    String bias(GraphBuilder graph, String name, ConstantArray bias) {
        ByteBuffer bits = ByteBuffer.allocate(bias.count() * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int h = 0; h < bias.count(); h++) {
            bits.putInt(Math.round((bias.at(h) + lost[h]) / sums[h]));
        }
        String constant = graph.constant(name, TensorProto.DataType.INT32_VALUE, bits.flip(), bias.count());
        return back(graph, name, constant, 0);
    }

    /// A value of the graph that is added, in 32 bits. // [U, H]
    String bias(GraphBuilder graph, String name) {
        String steps = graph.constant(name + ".sums", new ConstantArray(sums, sums.length));
        String given = graph.constant(name + ".lost", new ConstantArray(lost, lost.length));
        String sum = graph.node("Add", List.of(name, given));
        String whole = graph.node("Round", List.of(graph.node("Div", List.of(sum, steps))));
        String bits = graph.node("Cast", List.of(whole), attribute("to", TensorProto.DataType.INT32_VALUE));
        return back(graph, name, bits, 1);
    }

    private String back(GraphBuilder graph, String name, String bits, int axis) {
        int width = sums.length;
        String steps = graph.constant(name + ".sums", new ConstantArray(sums, width));
        String zeros = graph.constant(
                name + ".zeros",
                TensorProto.DataType.INT32_VALUE,
                GraphBuilder.bytes(new byte[width * Integer.BYTES]),
                width);
        return graph.node("DequantizeLinear", List.of(bits, steps, zeros), attribute("axis", axis));
    }
}
