package io.github.corymb.export;

import java.util.Arrays;

/// An embedding table small enough to stand in a graph.
///
/// @param keys [n] ascending
/// @param rows [n + 1, D], the default row first, then that of each key
@SuppressWarnings("ArrayRecordComponent") // large, never compared
public record LookupTable(long[] keys, float[] rows, int dimension) {

    public LookupTable {
        if (rows.length != (keys.length + 1) * dimension) {
            throw new IllegalArgumentException(
                    "expected %d weights, found %d".formatted((keys.length + 1) * dimension, rows.length));
        }
    }

    /// The keys, and as many of the greatest number behind as make a power of two of them. // [P]
    long[] padded() {
        long[] padded = Arrays.copyOf(keys, Math.max(1, Integer.highestOneBit(Math.max(1, 2 * keys.length - 1))));
        Arrays.fill(padded, keys.length, padded.length, Long.MAX_VALUE);
        return padded;
    }

    /// The row of each padded key; the default row for what pads, unless a key is the greatest number itself. // [P]
    long[] rowOfPadded() {
        long[] rowOf = new long[padded().length];
        boolean hasGreatest = keys.length > 0 && keys[keys.length - 1] == Long.MAX_VALUE;
        Arrays.setAll(rowOf, at -> at < keys.length ? at + 1 : hasGreatest ? keys.length : 0);
        return rowOf;
    }
}
