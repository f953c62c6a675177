package io.github.corymb.metric;

import java.util.Arrays;

/// Sorts row numbers by a 64-bit key of each row, ascending, rows of equal keys by their number. Nothing is boxed: the
/// upper half of the key and the row number are packed into one long and sorted, then each run of equal upper halves
/// is sorted once more by the lower half. O(n log n) time; 20 bytes a row at the peak beside the input.
final class RowOrder {

    private static final long LOWER_HALF = 0xFFFF_FFFFL;

    private RowOrder() {}

    /// Rows by ascending score; −0.0 equals 0.0.
    static int[] byScore(double[] scores) {
        long[] keys = new long[scores.length]; // [n]
        for (int row = 0; row < keys.length; row++) {
            long bits = Double.doubleToLongBits(scores[row] + 0.0); // −0.0 + 0.0 is 0.0
            keys[row] = bits ^ ((bits >> 63) & Long.MAX_VALUE); // the order of doubles as the order of longs
        }
        return byKey(keys);
    }

    static int[] byKey(long[] keys) {
        int n = keys.length;
        long[] packed = new long[n]; // [n]
        for (int row = 0; row < n; row++) {
            packed[row] = (keys[row] & ~LOWER_HALF) | row;
        }
        Arrays.sort(packed);
        int end;
        for (int start = 0; start < n; start = end) {
            end = start + 1;
            while (end < n && (packed[start] ^ packed[end]) >>> 32 == 0) {
                end++;
            }
            if (end - start > 1) {
                sortByLowerHalf(keys, packed, start, end);
            }
        }
        int[] rows = new int[n]; // [n]
        for (int i = 0; i < n; i++) {
            rows[i] = (int) packed[i];
        }
        return rows;
    }

    private static void sortByLowerHalf(long[] keys, long[] packed, int start, int end) {
        for (int i = start; i < end; i++) {
            long row = packed[i] & LOWER_HALF;
            packed[i] = ((keys[(int) row] << 32) ^ Long.MIN_VALUE) | row; // unsigned order as signed order
        }
        Arrays.sort(packed, start, end);
    }
}
