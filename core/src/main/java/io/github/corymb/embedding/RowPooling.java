package io.github.corymb.embedding;

import io.github.corymb.feature.Pooling;
import java.lang.foreign.Arena;
import java.util.Arrays;

/// Rows of a table to columns of the leaf. The D columns of a field begin at `column` in the leaf's first row, and its
/// rows are `rowSize` bytes apart. One thread at a time.
final class RowPooling {

    private final RowKernel kernel;
    private final RowCodec codec;
    private final ReadAhead ahead = new ReadAhead();

    RowPooling(RowKernel kernel) {
        this.kernel = kernel;
        codec = RowCodec.of(kernel);
    }

    /// Writes the row of each key to `rowOfLookup`, the default row where a key has none. Where two rows make one, a
    /// value whose other row is missing has none either.
    ///
    /// @param keys of lookups `from` … `to` - 1, as [Hashing] gives them
    /// @param rowOfLookup from its start
    /// @return how many values had none
    long find(TableContent table, long[] keys, int from, int to, int[] rowOfLookup) {
        table.index().findAll(keys, from, to, rowOfLookup, 0, ahead);
        int width = table.hashing().width();
        long unknownCount = 0;
        for (int lookup = 0; lookup < to - from; lookup += width) {
            if (keys[from + lookup] != EmbeddingTable.DEFAULT_KEY
                    && (rowOfLookup[lookup] == KeyIndex.ABSENT || rowOfLookup[lookup + width - 1] == KeyIndex.ABSENT)) {
                Arrays.fill(rowOfLookup, lookup, lookup + width, EmbeddingTable.DEFAULT_ROW);
                unknownCount++;
            }
        }
        return unknownCount;
    }

    /// Writes the pooled rows of one field for rows `from` … `to` - 1 of the batch.
    ///
    /// @param offsets [B + 1] where the lookups of each row of the batch begin, counted from `firstLookup`
    /// @param rowOfLookup the table's row of each lookup
    void gather(
            TableContent table,
            Pooling pooling,
            int[] offsets,
            int from,
            int to,
            int[] rowOfLookup,
            int firstLookup,
            long column,
            long rowSize) {
        if (table.hashing().isComposed()) {
            gatherComposed(
                    new RowComposition(kernel, table),
                    table.dimension(),
                    pooling,
                    offsets,
                    from,
                    to,
                    rowOfLookup,
                    firstLookup,
                    column,
                    rowSize);
            return;
        }
        int block = from;
        while (block < to) {
            int end = endOfBlock(offsets, block, to);
            int first = firstLookup + offsets[block];
            int last = Math.min(firstLookup + offsets[end], first + ReadAhead.LIMIT);
            table.rows().readAhead(rowOfLookup, first, last, table.layout().stateAt(), ahead);
            gatherPlain(table, pooling, offsets, block, end, rowOfLookup, firstLookup, column, rowSize);
            block = end;
        }
    }

    /// The first row of the batch after `block` whose lookups are not read ahead with those of `block`.
    private static int endOfBlock(int[] offsets, int block, int to) {
        int end = block + 1;
        while (end < to && end - block < ReadAhead.LIMIT && offsets[end + 1] - offsets[block] <= ReadAhead.LIMIT) {
            end++;
        }
        return end;
    }

    /// The same where a value's embedding is one row.
    private void gatherPlain(
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
        boolean isWide = storage == Storage.FLOAT32;
        for (int b = from; b < to; b++) {
            long target = column + b * rowSize;
            int lookup = firstLookup + offsets[b];
            int end = firstLookup + offsets[b + 1];
            if (lookup == end) {
                Native.clear(target, 4L * dimension);
                continue;
            }
            if (isWide) {
                kernel.copy(rows.at(rowOfLookup[lookup]), target, dimension);
            } else {
                codec.read(storage, rows.at(rowOfLookup[lookup]), target, dimension);
            }
            if (end - lookup > 1) {
                int count = end - lookup;
                while (++lookup < end) {
                    if (isWide) {
                        kernel.add(rows.at(rowOfLookup[lookup]), target, dimension);
                    } else {
                        codec.add(storage, rows.at(rowOfLookup[lookup]), target, dimension);
                    }
                }
                if (pooling == Pooling.MEAN) {
                    kernel.scale(target, dimension, 1f / count);
                }
            }
        }
    }

    /// The same where two lookups make the embedding of a value.
    private void gatherComposed(
            RowComposition composition,
            int dimension,
            Pooling pooling,
            int[] offsets,
            int from,
            int to,
            int[] rowOfLookup,
            int firstLookup,
            long column,
            long rowSize) {
        try (Arena arena = Arena.ofConfined()) {
            long z = arena.allocate(2 * 4L * dimension, Slabs.ALIGNMENT).address(); // [D]
            long spare = z + 4L * dimension; // [D]
            for (int b = from; b < to; b++) {
                long target = column + b * rowSize;
                Native.clear(target, 4L * dimension);
                for (int at = firstLookup + offsets[b]; at < firstLookup + offsets[b + 1]; at += 2) {
                    composition.compose(rowOfLookup[at], rowOfLookup[at + 1], z, spare);
                    kernel.add(z, target, dimension);
                }
                int count = (offsets[b + 1] - offsets[b]) / 2;
                if (count > 1 && pooling == Pooling.MEAN) {
                    kernel.scale(target, dimension, 1f / count);
                }
            }
        }
    }
}
