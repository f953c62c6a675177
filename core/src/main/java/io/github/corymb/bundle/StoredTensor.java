package io.github.corymb.bundle;

import java.util.List;

/// What a safetensors header says of one tensor.
///
/// @param type what its elements are
/// @param shape its dimensions, outermost first; empty for a scalar
/// @param begin where its bytes begin, counted from the end of the header
/// @param end where they end, exclusive
public record StoredTensor(ElementType type, List<Long> shape, long begin, long end) {

    public StoredTensor {
        shape = List.copyOf(shape);
    }

    /// Bytes of the tensor.
    public long size() {
        return end - begin;
    }

    /// Bytes that `type` and `shape` ask for.
    ///
    /// @throws ArithmeticException where that is more than a long can count
    static long sizeOf(ElementType type, List<Long> shape) {
        long size = type.size();
        boolean empty = shape.contains(0L);
        for (long dimension : shape) {
            size = Math.multiplyExact(size, empty ? Math.min(dimension, 1) : dimension);
        }
        return size;
    }
}
