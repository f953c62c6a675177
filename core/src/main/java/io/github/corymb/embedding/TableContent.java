package io.github.corymb.embedding;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/// Keys and rows of one table, growing or frozen: row 0 is the default row, rows 1 … n have keys,
/// but for those that evicted keys left.
///
/// @param hashing from the keys of values to those of rows
/// @param index from key to row
/// @param rows [n + 1], each as `layout` says
record TableContent(String name, RowLayout layout, Hashing hashing, KeyIndex index, Slabs rows) {

    int dimension() {
        return layout.dimension();
    }

    /// The row of a key as [Hashing] gives it.
    int find(long key) {
        return key == EmbeddingTable.DEFAULT_KEY ? EmbeddingTable.DEFAULT_ROW : index.find(key);
    }

    /// The D weights of a row for reading: as they are and become where they are stored as floats, else a copy.
    FloatBuffer weights(int row) {
        if (layout.storage() != Storage.FLOAT32) {
            float[] copy = new float[dimension()];
            for (int j = 0; j < copy.length; j++) {
                copy[j] = StoredNumber.get(layout.storage(), rows.at(row), j);
            }
            return FloatBuffer.wrap(copy).asReadOnlyBuffer(); // [D]
        }
        MemorySegment slab = rows.of(row);
        return slab.asSlice(rows.offset(row), 4L * dimension())
                .asByteBuffer()
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer()
                .asReadOnlyBuffer(); // [D]
    }

    /// The D floats of a value's embedding: of its row or its two, or of the default row where it has none.
    FloatBuffer embedding(long key) {
        int row = find(hashing.first(key));
        if (!hashing.isComposed()) {
            return weights(row);
        }
        int second = find(hashing.second(key));
        if (row == EmbeddingTable.DEFAULT_ROW || second == EmbeddingTable.DEFAULT_ROW) {
            return weights(EmbeddingTable.DEFAULT_ROW);
        }
        FloatBuffer a = weights(row); // [D]
        FloatBuffer b = weights(second); // [D]
        float[] both = new float[dimension()];
        for (int j = 0; j < both.length; j++) {
            both[j] = hashing.kind() == Hashing.Kind.ADD ? a.get(j) + b.get(j) : a.get(j) * b.get(j);
        }
        return FloatBuffer.wrap(both).asReadOnlyBuffer(); // [D]
    }

    void forEachRow(RowVisitor visitor) {
        for (int row = 0; row <= index.lastRow(); row++) {
            long key = index.keyOf(row);
            if (key != 0 || row == EmbeddingTable.DEFAULT_ROW) {
                visitor.visit(key, weights(row));
            }
        }
    }
}
