package io.github.corymb.embedding;

import io.github.corymb.feature.KeyLists;
import io.github.corymb.feature.Pooling;
import java.lang.foreign.MemorySegment;

/// Rows of a table to columns of the leaf, and gradients of those columns to the sums of the distinct rows. The D
/// columns of a field begin `columnOffset` bytes into each row of the buffer, whose rows are `rowSize` bytes apart.
final class RowPooling {

    private RowPooling() {}

    /// Writes the row of each lookup to `rowOfLookup`, the default row where a key has none.
    ///
    /// @return how many keys had none
    static long find(TableContent table, KeyLists lists, int[] rowOfLookup) {
        long unknownCount = 0;
        long[] keys = lists.keys();
        int count = lists.keyCount();
        for (int lookup = 0; lookup < count; lookup++) {
            int row = table.find(keys[lookup]);
            rowOfLookup[lookup] = row;
            if (row == EmbeddingTable.DEFAULT_ROW && keys[lookup] != EmbeddingTable.DEFAULT_KEY) {
                unknownCount++;
            }
        }
        return unknownCount;
    }

    /// Writes the pooled rows of one field.
    ///
    /// @param offsets [B + 1] where the lookups of each row of the batch begin, counted from `firstLookup`
    /// @param rowOfLookup the table's row of each lookup
    static void gather(
            RowKernel kernel,
            TableContent table,
            Pooling pooling,
            int[] offsets,
            int rowCount,
            int[] rowOfLookup,
            int firstLookup,
            MemorySegment leaf,
            long columnOffset,
            long rowSize) {
        int dimension = table.dimension();
        Slabs rows = table.rows();
        for (int b = 0; b < rowCount; b++) {
            long target = b * rowSize + columnOffset;
            int from = firstLookup + offsets[b];
            int to = firstLookup + offsets[b + 1];
            if (from == to) {
                leaf.asSlice(target, 4L * dimension).fill((byte) 0);
                continue;
            }
            int first = rowOfLookup[from];
            kernel.copy(rows.of(first), rows.offset(first), leaf, target, dimension);
            for (int lookup = from + 1; lookup < to; lookup++) {
                int row = rowOfLookup[lookup];
                kernel.add(rows.of(row), rows.offset(row), leaf, target, dimension);
            }
            if (to - from > 1 && pooling == Pooling.MEAN) {
                kernel.scale(leaf, target, dimension, 1f / (to - from));
            }
        }
    }

    /// Adds the gradient of one field's columns to `sums` [distinct, D].
    ///
    /// @param indexOfLookup the distinct row of each lookup
    static void scatter(
            RowKernel kernel,
            int dimension,
            Pooling pooling,
            int[] offsets,
            int rowCount,
            int[] indexOfLookup,
            int firstLookup,
            MemorySegment gradient,
            long columnOffset,
            long rowSize,
            MemorySegment sums) {
        for (int b = 0; b < rowCount; b++) {
            long source = b * rowSize + columnOffset;
            int from = firstLookup + offsets[b];
            int to = firstLookup + offsets[b + 1];
            float factor = pooling == Pooling.MEAN ? 1f / (to - from) : 1f;
            for (int lookup = from; lookup < to; lookup++) {
                long target = 4L * dimension * indexOfLookup[lookup];
                kernel.addScaled(gradient, source, sums, target, dimension, factor);
            }
        }
    }
}
