package io.github.corymb.network;

import java.util.Arrays;

/// The loops of [PlainTensor] that move indices. All arrays are row-major.
final class PlainLoops {

    private PlainLoops() {}

    static long[] broadcast(long[] first, long[] second) {
        long[] common = new long[Math.max(first.length, second.length)];
        for (int i = 1; i <= common.length; i++) {
            long a = i <= first.length ? first[first.length - i] : 1;
            long b = i <= second.length ? second[second.length - i] : 1;
            if (a != b && a != 1 && b != 1) {
                throw new IllegalArgumentException(Arrays.toString(first) + " against " + Arrays.toString(second));
            }
            common[common.length - i] = Math.max(a, b);
        }
        return common;
    }

    /// Batches of [m, k] · [k, n], both batched alike.
    static double[] matmul(double[] left, double[] right, int m, int k, int n) {
        double[] product = new double[left.length / k * n];
        for (int row = 0; row < left.length / k; row++) {
            int batch = row / m;
            for (int column = 0; column < n; column++) {
                for (int i = 0; i < k; i++) {
                    product[row * n + column] += left[row * k + i] * right[(batch * k + i) * n + column];
                }
            }
        }
        return product;
    }

    /// Swaps the axes a and b.
    static double[] transpose(double[] values, long[] shape, long[] swapped, int a, int b) {
        double[] moved = new double[values.length];
        int[] index = new int[shape.length];
        for (double value : values) {
            int target = 0;
            for (int i = 0; i < shape.length; i++) {
                int source = i == a ? b : i == b ? a : i;
                target = target * (int) swapped[i] + index[source];
            }
            moved[target] = value;
            for (int i = shape.length - 1; i >= 0 && ++index[i] == shape[i]; i--) {
                index[i] = 0;
            }
        }
        return moved;
    }

    /// Repeats along axes of size 1, and along those that are missing in front.
    static double[] expand(double[] values, long[] shape, long... target) {
        int missing = target.length - shape.length;
        double[] repeated = new double[(int) Arrays.stream(target).reduce(1, (a, b) -> a * b)];
        for (int to = 0; to < repeated.length; to++) {
            int from = 0;
            int rest = to;
            int step = 1;
            for (int i = target.length - 1; i >= missing; i--) {
                int index = rest % (int) target[i];
                rest /= (int) target[i];
                from += shape[i - missing] == 1 ? 0 : index * step;
                step *= (int) shape[i - missing];
            }
            repeated[to] = values[from];
        }
        return repeated;
    }
}
