package io.github.corymb.feature;

import java.util.Arrays;
import java.util.List;

/// Reads a column of single values as keys.
final class KeyReader {

    private final long[] vocabulary; // ascending keys, or null where every value has its own

    KeyReader(List<String> vocabulary) {
        this.vocabulary = vocabulary == null
                ? null
                : vocabulary.stream().mapToLong(Keys::ofText).sorted().toArray();
    }

    /// The keys of the values from `from` to before `to`, [Keys#NONE] where there is none. The column is not one of
    /// lists.
    long[] read(Column column, int from, int to) {
        long[] keys = new long[to - from];
        switch (column) {
            case Column.Longs longs -> hash(longs.values(), from, keys);
            case Column.Doubles doubles -> hash(doubles.values(), from, keys);
            case Column.Texts texts -> hash(texts.utf8(), texts.offsets(), from, keys);
            case Column.Lists _ -> throw new IllegalArgumentException("expected a column of values, found lists");
        }
        if (column.nulls() != null) {
            dropNulls(column.nulls(), from, keys);
        }
        freeze(keys, keys.length);
        return keys;
    }

    /// Gives the keys that are outside the vocabulary the common one.
    void freeze(long[] keys, int count) {
        if (vocabulary == null) {
            return;
        }
        for (int at = 0; at < count; at++) {
            if (keys[at] != Keys.NONE && Arrays.binarySearch(vocabulary, keys[at]) < 0) {
                keys[at] = Keys.UNKNOWN;
            }
        }
    }

    private static void hash(long[] values, int from, long[] keys) {
        for (int at = 0; at < keys.length; at++) {
            keys[at] = Keys.ofInteger(values[from + at]);
        }
    }

    private static void hash(double[] values, int from, long[] keys) {
        for (int at = 0; at < keys.length; at++) {
            double value = values[from + at];
            keys[at] = Double.isNaN(value) ? Keys.NONE : Keys.ofNumber(value);
        }
    }

    private static void hash(byte[] utf8, int[] offsets, int from, long[] keys) {
        for (int at = 0; at < keys.length; at++) {
            keys[at] = Keys.ofText(utf8, offsets[from + at], offsets[from + at + 1]);
        }
    }

    private static void dropNulls(boolean[] nulls, int from, long[] keys) {
        for (int at = 0; at < keys.length; at++) {
            if (nulls[from + at]) {
                keys[at] = Keys.NONE;
            }
        }
    }
}
