package io.github.corymb.embedding;

import java.util.Arrays;

/// The lookups of a batch, sorted into parts. What belongs to one lookup lies together, since sorting writes to as many
/// places at once as there are parts, and each array more would make these twice as many.
final class SortedLookups {

    /// The most there can be in one batch.
    static final int LIMIT = (Integer.MAX_VALUE - 8) / 2;

    private final boolean hasMeans;
    private long[] pairs = new long[0]; // key | number of the lookup, 32 bits, first float, 32 bits, neither negative
    private float[] factors = new float[0];

    /// @param hasMeans whether any factor is another than 1
    SortedLookups(boolean hasMeans) {
        this.hasMeans = hasMeans;
    }

    /// Makes room for `capacity` lookups and forgets those there were.
    void grow(int capacity) {
        pairs = new long[Math.multiplyExact(2, capacity)];
        factors = new float[capacity];
        Arrays.fill(factors, 1);
    }

    /// @param column the first float in the leaf, or among the gradients of single rows
    /// @param factor what the gradient is multiplied with: 1, or 1/n in a mean of n
    void put(int at, long key, int lookup, int column, float factor) {
        pairs[2 * at] = key;
        pairs[2 * at + 1] = (long) lookup << 32 | column;
        if (hasMeans) {
            factors[at] = factor;
        }
    }

    long key(int at) {
        return pairs[2 * at];
    }

    int lookup(int at) {
        return (int) (pairs[2 * at + 1] >>> 32);
    }

    int column(int at) {
        return (int) pairs[2 * at + 1];
    }

    float factor(int at) {
        return factors[at];
    }
}
