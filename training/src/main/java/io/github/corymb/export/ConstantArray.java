package io.github.corymb.export;

import ai.onnx.proto.OnnxMl.TensorProto;
import io.github.corymb.tensor.Array;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/// Values that are known when a graph is recorded: parameters, and what operations of shape alone make of them.
/// Row-major. Immutable.
final class ConstantArray {

    private final long[] shape;
    private final float[] values;

    ConstantArray(float[] values, long... shape) {
        if (Array.count(shape) != values.length) {
            throw new IllegalArgumentException("expected " + Array.count(shape) + " values, found " + values.length);
        }
        this.shape = shape.clone();
        this.values = values;
    }

    static ConstantArray of(Array array) {
        FloatBuffer buffer = array.values();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return new ConstantArray(values, array.shape());
    }

    static ConstantArray of(TensorProto tensor) {
        float[] values = new float[tensor.getRawData().size() / Float.BYTES];
        tensor.getRawData()
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return new ConstantArray(
                values, tensor.getDimsList().stream().mapToLong(Long::longValue).toArray());
    }

    /// The greatest distance from 0.
    float size() {
        float size = 0;
        for (float value : values) {
            size = Math.max(size, Math.abs(value));
        }
        return size;
    }

    long[] shape() {
        return shape.clone();
    }

    int size(int axis) {
        return (int) shape[axis];
    }

    float at(int index) {
        return values[index];
    }

    int count() {
        return values.length;
    }

    ConstantArray reshape(long... sizes) {
        long known = Arrays.stream(sizes).filter(size -> size >= 0).reduce(1, Math::multiplyExact);
        return new ConstantArray(
                values,
                Arrays.stream(sizes)
                        .map(size -> size < 0 ? values.length / known : size)
                        .toArray());
    }

    ConstantArray transpose(int first, int second) {
        long[] sizes = shape.clone();
        sizes[first] = shape[second];
        sizes[second] = shape[first];
        int[] strides = strides();
        int kept = strides[first];
        strides[first] = strides[second];
        strides[second] = kept;
        return gathered(sizes, strides);
    }

    /// Each entry of the first axis times its factor.
    ConstantArray scaled(float... factors) {
        float[] target = new float[values.length];
        for (int i = 0; i < target.length; i++) {
            target[i] = values[i] * factors[i / inner(0)];
        }
        return new ConstantArray(target, shape);
    }

    /// The entries of an axis with these indices.
    ConstantArray select(int axis, int... indices) {
        long[] sizes = shape.clone();
        sizes[axis] = indices.length;
        int inner = inner(axis);
        return picked(sizes, axis, flat -> {
            int outer = flat / (indices.length * inner);
            int index = indices[flat / inner % indices.length];
            return (outer * size(axis) + index) * inner + flat % inner;
        });
    }

    /// Joins arrays along an axis that they have.
    static ConstantArray concat(List<ConstantArray> parts, int axis) {
        ConstantArray first = parts.getFirst();
        long[] sizes = first.shape.clone();
        sizes[axis] = parts.stream().mapToLong(part -> part.shape[axis]).sum();
        float[] joined = new float[Math.toIntExact(Array.count(sizes))];
        int outerCount = first.values.length / Math.max(1, first.size(axis) * first.inner(axis));
        int at = 0;
        for (int outer = 0; outer < outerCount; outer++) {
            for (ConstantArray part : parts) {
                int length = part.size(axis) * part.inner(axis);
                System.arraycopy(part.values, outer * length, joined, at, length);
                at += length;
            }
        }
        return new ConstantArray(joined, sizes);
    }

    private ConstantArray picked(long[] sizes, int axis, IntUnaryOperator source) {
        assert axis < sizes.length;
        float[] target = new float[Math.toIntExact(Array.count(sizes))];
        for (int i = 0; i < target.length; i++) {
            target[i] = values[source.applyAsInt(i)];
        }
        return new ConstantArray(target, sizes);
    }

    private ConstantArray gathered(long[] sizes, int[] strides) {
        float[] target = new float[values.length];
        int[] position = new int[sizes.length];
        int source = 0;
        for (int i = 0; i < target.length; i++) {
            target[i] = values[source];
            for (int axis = sizes.length - 1; axis >= 0; axis--) {
                source += strides[axis];
                if (++position[axis] < sizes[axis]) {
                    break;
                }
                source -= strides[axis] * position[axis];
                position[axis] = 0;
            }
        }
        return new ConstantArray(target, sizes);
    }

    private int[] strides() {
        int[] strides = new int[shape.length];
        for (int axis = 0; axis < strides.length; axis++) {
            strides[axis] = inner(axis);
        }
        return strides;
    }

    /// How many values lie between one entry of an axis and the next.
    private int inner(int axis) {
        int count = 1;
        for (int after = axis + 1; after < shape.length; after++) {
            count *= (int) shape[after];
        }
        return count;
    }
}
