package io.github.corymb.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;

/// Values of a tensor outside any engine: what a checkpoint or a bundle stores under a name. Row-major float32 in a
/// direct buffer of native order, from index 0 to its capacity. It owns nothing that must be closed.
public final class Array {

    private final long[] shape;
    private final FloatBuffer values;

    /// Wraps `values` without a copy. Throws [IllegalArgumentException] where the buffer is not direct, not of native
    /// order, or does not hold exactly the product of `shape`.
    public Array(long[] shape, FloatBuffer values) {
        long count = count(shape);
        if (!values.isDirect() || values.order() != ByteOrder.nativeOrder()) {
            throw new IllegalArgumentException("array: expected a direct buffer of native order");
        }
        if (values.capacity() != count) {
            throw new IllegalArgumentException("array: expected " + count + " values for shape "
                    + Arrays.toString(shape) + ", found " + values.capacity());
        }
        this.shape = shape.clone();
        this.values = values;
    }

    /// Zeros of this shape, in memory of their own.
    public static Array zeros(long... shape) {
        int count = Math.toIntExact(count(shape));
        ByteBuffer bytes = ByteBuffer.allocateDirect(Math.multiplyExact(count, Float.BYTES));
        return new Array(shape, bytes.order(ByteOrder.nativeOrder()).asFloatBuffer());
    }

    /// How many values a tensor of this shape has; 1 for a scalar, whose shape is empty.
    public static long count(long... shape) {
        long count = 1;
        for (long size : shape) {
            if (size < 0) {
                throw new IllegalArgumentException(
                        "shape: expected sizes of at least 0, found " + Arrays.toString(shape));
            }
            count = Math.multiplyExact(count, size);
        }
        return count;
    }

    public long[] shape() {
        return shape.clone();
    }

    /// The values, with a position and a limit of the caller's own.
    public FloatBuffer values() {
        return values.duplicate().clear();
    }

    @Override
    public String toString() {
        return "Array" + Arrays.toString(shape);
    }
}
