package io.github.corymb.tensor.torch;

/// Splits one seed by name, or by step, so that no stream depends on the order in which others were drawn.
final class RandomSeeds {

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private RandomSeeds() {}

    /// The seed of what is called `name`: FNV-1a over the name's characters, mixed with the seed.
    static long of(long seed, String name) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * FNV_PRIME;
        }
        return of(seed, hash);
    }

    /// The seed of number `index` under `seed`. SplitMix64: Steele, Lea & Flood, OOPSLA 2014.
    static long of(long seed, long index) {
        return mix(mix(seed + GOLDEN_GAMMA) + index * GOLDEN_GAMMA);
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
