package io.github.corymb.feature;

import java.util.Arrays;

/// The keys of one field for B rows, as one array and the places where each row begins: row b owns
/// `keys[offsets[b]] … keys[offsets[b + 1] - 1]`. A categorical field has exactly one key a row. The arrays grow and
/// are reused from batch to batch; both may be longer than what is in use.
public final class KeyLists {

    private int[] offsets = new int[1]; // [B + 1]
    private long[] keys = new long[0]; // [offsets[B]]
    private int rowCount;

    public int rowCount() {
        return rowCount;
    }

    /// How many keys all rows have together.
    public int keyCount() {
        return offsets[rowCount];
    }

    public int[] offsets() {
        return offsets;
    }

    public long[] keys() {
        return keys;
    }

    /// Forgets all rows and keeps the memory.
    public void clear() {
        rowCount = 0;
    }

    /// Adds one key to the row that [#endRow()] will close.
    public void add(long key, int pendingCount) {
        int at = offsets[rowCount] + pendingCount;
        if (at == keys.length) {
            keys = Arrays.copyOf(keys, Math.max(16, at * 2));
        }
        keys[at] = key;
    }

    /// Closes the current row, which owns the last `pendingCount` keys added.
    public void endRow(int pendingCount) {
        if (rowCount + 1 == offsets.length) {
            offsets = Arrays.copyOf(offsets, Math.max(16, offsets.length * 2));
        }
        offsets[rowCount + 1] = offsets[rowCount] + pendingCount;
        rowCount++;
    }

    /// Adds a row of `count` keys, and returns where in [#keys()] the caller writes them.
    public int addRow(int count) {
        int at = offsets[rowCount];
        if (at + count > keys.length) {
            keys = Arrays.copyOf(keys, Math.max(at + count, keys.length * 2));
        }
        endRow(count);
        return at;
    }

    /// Becomes `count` rows of one key each; returns [#keys()], whose first `count` the caller writes.
    public long[] setSingles(int count) {
        if (keys.length < count) {
            keys = new long[count];
        }
        if (offsets.length <= count) {
            offsets = new int[count + 1];
        }
        for (int row = 0; row <= count; row++) {
            offsets[row] = row;
        }
        rowCount = count;
        return keys;
    }
}
