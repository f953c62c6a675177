package io.github.corymb.embedding;

/// Bits spread evenly, with no state: equal arguments give equal bits on every machine, in any order of calls.
final class Mix {

    static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L; // 2^64 / golden ratio, odd

    private Mix() {}

    /// A bijection of 64 bits after which each depends on all. Stafford: Better Bit Mixing, 2011, variant 13.
    static long mix(long bits) {
        long z = bits;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    static long mix(long first, long second) {
        return mix(mix(first + GOLDEN_GAMMA) ^ second);
    }

    static long mix(long seed, String name) {
        long z = mix(seed + GOLDEN_GAMMA);
        for (int i = 0; i < name.length(); i++) {
            z = mix((z ^ name.charAt(i)) + GOLDEN_GAMMA);
        }
        return z;
    }

    /// Uniform in [0, 1): the upper 53 bits.
    static double unit(long bits) {
        return (bits >>> 11) * 0x1p-53;
    }
}
