package io.github.corymb.serving;

import java.util.Arrays;

/// The best of some scores. Few of many are found by a heap of those kept so far with the worst on top: O(n log k). Most
/// of them, or all, by sorting numbers in which a score and its index are one.
final class ScoreOrder {

    private static final int HEAP_SHARE = 8; // a heap is faster up to one in so many

    private ScoreOrder() {}

    /// The indices of the `count` greatest scores, greatest first; of equal ones the smaller index first, NaN last.
    ///
    /// @param count at most as many as there are scores
    static int[] best(double[] scores, int count) {
        return count > scores.length / HEAP_SHARE
                ? Arrays.copyOf(sorted(scores), count)
                : bestByHeap(scores, count);
    }

    private static int[] sorted(double[] scores) {
        int n = scores.length;
        long indexBits = Long.highestOneBit(n) * 2 - 1;
        long[] keys = new long[n]; // ascending as scores descend, the lowest bits of a score being the index
        for (int at = 0; at < n; at++) {
            long bits = Double.doubleToLongBits(scores[at] + 0.0); // -0 becomes 0
            long descending = Double.isNaN(scores[at]) ? Long.MAX_VALUE : ~(bits ^ (bits >> 63 & Long.MAX_VALUE));
            keys[at] = (descending & ~indexBits) | at;
        }
        Arrays.sort(keys);
        int[] order = new int[n];
        for (int place = 0; place < n; place++) {
            int index = (int) (keys[place] & indexBits);
            int free = place;
            while (free > 0 && isBefore(scores, index, order[free - 1])) { // their upper bits are equal
                order[free] = order[free - 1];
                free--;
            }
            order[free] = index;
        }
        return order;
    }

    private static int[] bestByHeap(double[] scores, int count) {
        int[] heap = new int[count];
        int size = 0;
        for (int at = 0; at < scores.length; at++) {
            if (size < count) {
                raise(scores, heap, size++, at);
            } else if (count > 0 && isBefore(scores, at, heap[0])) {
                sink(scores, heap, size, at);
            }
        }
        while (size > 0) {
            int worst = heap[0];
            int last = heap[--size];
            sink(scores, heap, size, last);
            heap[size] = worst;
        }
        return heap;
    }

    /// Puts `index` at the end of a heap of `size`, and then where it belongs.
    private static void raise(double[] scores, int[] heap, int size, int index) {
        int place = size;
        while (place > 0 && isBefore(scores, heap[(place - 1) / 2], index)) {
            heap[place] = heap[(place - 1) / 2];
            place = (place - 1) / 2;
        }
        heap[place] = index;
    }

    /// Puts `index` in the place of the top of a heap of `size`, and then where it belongs.
    private static void sink(double[] scores, int[] heap, int size, int index) {
        int place = 0;
        while (2 * place + 1 < size) {
            int child = 2 * place + 1;
            if (child + 1 < size && isBefore(scores, heap[child], heap[child + 1])) {
                child++; // the worse of two
            }
            if (!isBefore(scores, index, heap[child])) {
                break;
            }
            heap[place] = heap[child];
            place = child;
        }
        if (size > 0) {
            heap[place] = index;
        }
    }

    private static boolean isBefore(double[] scores, int a, int b) {
        double x = scores[a];
        double y = scores[b];
        if (x > y) {
            return true;
        }
        if (x < y) {
            return false;
        }
        boolean sameKind = Double.isNaN(x) == Double.isNaN(y);
        return sameKind ? a < b : Double.isNaN(y);
    }
}
