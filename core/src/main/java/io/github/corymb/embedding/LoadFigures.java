package io.github.corymb.embedding;

/// How full the key index of a table is, and how far its lookups search.
///
/// @param keyCount keys in the index
/// @param slotCount slots it has room for
/// @param meanProbeCount buckets of a cache line read to find a key, on average over all keys; 1 is the least, 0
///     where there is no key
/// @param maxProbeCount buckets read to find the key that lies farthest from home
public record LoadFigures(int keyCount, long slotCount, double meanProbeCount, int maxProbeCount) {

    /// Share of the slots that is taken.
    public double load() {
        return keyCount / (double) slotCount;
    }
}
