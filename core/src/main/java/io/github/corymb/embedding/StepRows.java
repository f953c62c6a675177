package io.github.corymb.embedding;

import io.github.corymb.feature.KeyLists;

/// The rows of one table that one training batch looks up: each distinct one once, and which of them every
/// lookup took. Lookups are numbered through the fields that share the table, in their order. The arrays grow
/// and are reused.
final class StepRows {

    private int[] slots = new int[2]; // open addressing, a power of two of at least twice the lookups; see indexOf
    private int[] slotOf = new int[1]; // [distinct] where in slots each stands
    private long[] keys = new long[1]; // [distinct]
    private int[] rows = new int[1]; // [distinct]
    private int distinctCount;
    private int[] indexOfLookup = new int[1]; // [lookups] into rows
    private int[] rowOfLookup = new int[1]; // [lookups]
    private int lookupCount;

    /// Forgets everything and makes room for `lookupLimit` lookups.
    void reset(int lookupLimit) {
        distinctCount = 0;
        lookupCount = 0;
        if (rows.length < lookupLimit + 1) { // the default row stands in for keys that are refused
            int capacity = Integer.highestOneBit(Math.max(1, lookupLimit)) << 1;
            slots = new int[2 * capacity];
            slotOf = new int[capacity];
            keys = new long[capacity];
            rows = new int[capacity];
            indexOfLookup = new int[capacity];
            rowOfLookup = new int[capacity];
        }
    }

    /// Looks up all keys of a field, and gives those without a row one.
    ///
    /// @param unknownShare probability that a lookup takes the default row instead
    /// @param unknownSeed of the draws, different for every field and step
    /// @return the number of the field's first lookup
    int add(KeyLists lists, EmbeddingTable table, double unknownShare, long unknownSeed) {
        int first = lookupCount;
        int count = lists.keyCount();
        long[] looked = lists.keys();
        for (int at = 0; at < count; at++) {
            long key = looked[at];
            if (unknownShare > 0 && Mix.unit(Mix.mix(unknownSeed, at)) < unknownShare) {
                key = EmbeddingTable.DEFAULT_KEY;
            }
            int index = indexOf(key);
            if (index == distinctCount) {
                rows[index] = table.rowToTrain(key);
                distinctCount++;
            }
            if (rows[index] == EmbeddingTable.REFUSED) {
                index = indexOf(EmbeddingTable.DEFAULT_KEY);
                if (index == distinctCount) {
                    rows[index] = EmbeddingTable.DEFAULT_ROW;
                    distinctCount++;
                }
            }
            indexOfLookup[first + at] = index;
            rowOfLookup[first + at] = rows[index];
        }
        lookupCount += count;
        return first;
    }

    int distinctCount() {
        return distinctCount;
    }

    /// Of each distinct key: its row, or [EmbeddingTable#REFUSED], whose lookups took the default row.
    int[] rows() {
        return rows;
    }

    int[] indexOfLookup() {
        return indexOfLookup;
    }

    int[] rowOfLookup() {
        return rowOfLookup;
    }

    /// The index of `key`, or `distinctCount`, where its key then stands, ready to be counted.
    ///
    /// A slot counts as taken only if the index in it is in use and points back at the slot, so what earlier
    /// batches left there needs no clearing (Briggs, Torczon: An Efficient Representation for Sparse Sets,
    /// 1993).
    private int indexOf(long key) {
        int mask = slots.length - 1;
        int slot = (int) Mix.mix(key) & mask;
        while (true) {
            int index = slots[slot];
            if (index >= distinctCount || slotOf[index] != slot) {
                slots[slot] = distinctCount;
                slotOf[distinctCount] = slot;
                keys[distinctCount] = key;
                return distinctCount;
            }
            if (keys[index] == key) {
                return index;
            }
            slot = slot + 1 & mask;
        }
    }
}
