package io.github.corymb.export;

import java.util.Arrays;

/// Shapes of values that are not there yet: an axis of size −1 is as long as the batch will be.
final class RecordedShapes {

    private RecordedShapes() {}

    /// As in NumPy; an axis of unknown size meets size 1, or its own.
    static long[] broadcast(long[] left, long... right) {
        int rank = Math.max(left.length, right.length);
        long[] shape = new long[rank];
        for (int a = 0; a < rank; a++) {
            long one = a < rank - left.length ? 1 : left[a - rank + left.length];
            long two = a < rank - right.length ? 1 : right[a - rank + right.length];
            if (one != two && one != 1 && two != 1) {
                throw new IllegalArgumentException(
                        "shapes " + Arrays.toString(left) + " and " + Arrays.toString(right) + " do not meet");
            }
            shape[a] = one == 1 ? two : one;
        }
        return shape;
    }

    /// Of [.., m, k] · [.., k, n].
    static long[] product(long[] left, long... right) {
        long[] batch = broadcast(Arrays.copyOf(left, left.length - 2), Arrays.copyOf(right, right.length - 2));
        long[] shape = Arrays.copyOf(batch, batch.length + 2);
        shape[batch.length] = left[left.length - 2];
        shape[batch.length + 1] = right[right.length - 1];
        return shape;
    }

    static long[] inserted(long[] shape, int axis) {
        long[] sizes = new long[shape.length + 1];
        System.arraycopy(shape, 0, sizes, 0, axis);
        sizes[axis] = 1;
        System.arraycopy(shape, axis, sizes, axis + 1, shape.length - axis);
        return sizes;
    }

    static long[] removed(long[] shape, int axis) {
        long[] sizes = new long[shape.length - 1];
        System.arraycopy(shape, 0, sizes, 0, axis);
        System.arraycopy(shape, axis + 1, sizes, axis, sizes.length - axis);
        return sizes;
    }
}
