package io.github.corymb.embedding;

import io.github.corymb.feature.Pooling;

/// Rows of a table to columns of the leaf. The D columns of a field begin at `column` in the leaf's first row, and its
/// rows are `rowSize` bytes apart.
final class RowPooling {

    private RowPooling() {}

    /// Writes the row of each key to `rowOfLookup`, the default row where a key has none.
    ///
    /// @param keys of lookups `from` … `to` - 1
    /// @param rowOfLookup from its start
    /// @return how many keys had none
    static long find(TableContent table, long[] keys, int from, int to, int[] rowOfLookup) {
        table.index().findAll(keys, from, to, rowOfLookup, 0);
        long unknownCount = 0;
        for (int lookup = from; lookup < to; lookup++) {
            if (rowOfLookup[lookup - from] == KeyIndex.ABSENT && keys[lookup] != EmbeddingTable.DEFAULT_KEY) {
                unknownCount++;
            }
        }
        return unknownCount;
    }

    /// Writes the pooled rows of one field for rows `from` … `to` - 1 of the batch.
    ///
    /// @param offsets [B + 1] where the lookups of each row of the batch begin, counted from `firstLookup`
    /// @param rowOfLookup the table's row of each lookup
    static void gather(
            RowKernel kernel,
            TableContent table,
            Pooling pooling,
            int[] offsets,
            int from,
            int to,
            int[] rowOfLookup,
            int firstLookup,
            long column,
            long rowSize) {
        int dimension = table.dimension();
        Slabs rows = table.rows();
        Storage storage = table.layout().storage();
        RowCodec codec = RowCodec.of(kernel);
        for (int b = from; b < to; b++) {
            long target = column + b * rowSize;
            int lookup = firstLookup + offsets[b];
            int end = firstLookup + offsets[b + 1];
            if (lookup == end) {
                Native.clear(target, 4L * dimension);
                continue;
            }
            codec.read(storage, rows.at(rowOfLookup[lookup]), target, dimension);
            if (end - lookup > 1) {
                int count = end - lookup;
                while (++lookup < end) {
                    codec.add(storage, rows.at(rowOfLookup[lookup]), target, dimension);
                }
                if (pooling == Pooling.MEAN) {
                    kernel.scale(target, dimension, 1f / count);
                }
            }
        }
    }
}
