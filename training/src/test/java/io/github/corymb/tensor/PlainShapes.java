package io.github.corymb.tensor;

import java.util.Arrays;

/// What [PlainTensor] reckons with: shapes and positions.
final class PlainShapes {

    private PlainShapes() {}

    static long[] broadcast(long[] left, long[] right) {
        long[] sizes = new long[Math.max(left.length, right.length)];
        for (int back = 1; back <= sizes.length; back++) {
            long a = back > left.length ? 1 : left[left.length - back];
            long b = back > right.length ? 1 : right[right.length - back];
            if (a != b && a != 1 && b != 1) {
                throw new IllegalArgumentException(Arrays.toString(left) + " and " + Arrays.toString(right));
            }
            sizes[sizes.length - back] = a == 1 ? b : a;
        }
        return sizes;
    }

    static int[] position(int flat, long[] sizes) {
        int[] position = new int[sizes.length];
        for (int a = sizes.length - 1; a >= 0; a--) {
            position[a] = (int) (flat % sizes[a]);
            flat /= (int) sizes[a];
        }
        return position;
    }

    static int flatten(int[] position, long[] sizes) {
        int flat = 0;
        for (int a = 0; a < sizes.length; a++) {
            flat = flat * (int) sizes[a] + position[a];
        }
        return flat;
    }

    /// The shape with an axis of size 1 more.
    static long[] inserted(long[] shape, int axis) {
        int place = axis < 0 ? axis + shape.length + 1 : axis;
        long[] sizes = Arrays.copyOf(shape, shape.length + 1);
        System.arraycopy(shape, place, sizes, place + 1, shape.length - place);
        sizes[place] = 1;
        return sizes;
    }

    /// The shape without an axis, counted from 0.
    static long[] removed(long[] shape, int axis) {
        long[] sizes = Arrays.copyOf(shape, shape.length - 1);
        System.arraycopy(shape, axis + 1, sizes, axis, shape.length - axis - 1);
        return sizes;
    }
}
