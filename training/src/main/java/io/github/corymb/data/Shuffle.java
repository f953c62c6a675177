package io.github.corymb.data;

/// Orders of rows that depend on a seed alone, in every version and on every machine.
///
/// Fisher and Yates' shuffle with the generator of Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
/// Generators", OOPSLA 2014 (SplitMix64), and bounded numbers by multiplication: of n choices, one is preferred by at
/// most n / 2⁶⁴.
final class Shuffle {

    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private Shuffle() {}

    /// The numbers 0 … n − 1 in the order of (seed, stream).
    static int[] order(int n, long seed, long stream) {
        int[] order = new int[n];
        long state = mix(seed) ^ mix(stream + GOLDEN_GAMMA);
        for (int i = 0; i < n; i++) {
            state += GOLDEN_GAMMA;
            int j = (int) Math.unsignedMultiplyHigh(mix(state), i + 1L);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
