package io.github.corymb.embedding;

/// Finds the distinct keys among the lookups of a part, by open addressing in a table that fits the first cache.
final class DistinctKeys {

    private DistinctKeys() {}

    /// How many slots the table of so many lookups needs, a power of two.
    static int capacity(int lookupCount) {
        return Integer.highestOneBit(Math.max(1, lookupCount)) << 2;
    }

    /// Writes the distinct keys of lookups from `start` on, with the first lookup of each, to `keys` and `firstLookups`
    /// from `start` on, and gives every lookup the index of its own.
    ///
    /// @param slots zeros in the first [#capacity(int)] places
    /// @return how many there are
    static int find(
            SortedLookups lookups,
            long[] keys,
            int[] indices,
            int[] firstLookups,
            int start,
            int lookupCount,
            int[] slots) {
        int mask = capacity(lookupCount) - 1;
        int distinctCount = 0;
        for (int at = start; at < start + lookupCount; at++) {
            long key = lookups.key(at);
            int slot = (int) Mix.mix(key) & mask;
            while (slots[slot] != 0 && keys[start + slots[slot] - 1] != key) {
                slot = slot + 1 & mask;
            }
            if (slots[slot] == 0) {
                keys[start + distinctCount] = key;
                firstLookups[start + distinctCount] = lookups.lookup(at);
                slots[slot] = ++distinctCount;
            }
            indices[at] = start + slots[slot] - 1;
        }
        return distinctCount;
    }
}
