package io.github.corymb.embedding;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The columns of a table as they were when this was made, to be copied by any thread while the table learns: slabs
/// that it gets later are not among them, and a row that is updated meanwhile may be copied in part.
final class RowCopy {

    private final boolean withState;
    private final int stride; // of a copied row
    private final MemorySegment[] keys;
    private final MemorySegment[] touched;
    private final MemorySegment[] counts; // null without
    private final MemorySegment[] rows;
    private final long rowSize; // of the table

    /// @param withState whether to copy all that learning needs, or keys and weights alone
    RowCopy(EmbeddingTable table, boolean withState) {
        this.withState = withState;
        stride = withState ? EmbeddingTable.stride(table.dimension(), table.spec()) : table.dimension();
        keys = table.content().index().keys().slabs();
        touched = table.touched().slabs();
        counts = withState && table.counts() != null ? table.counts().slabs() : null;
        rows = table.content().rows().slabs();
        rowSize = table.content().rows().elementSize();
    }

    int stride() {
        return stride;
    }

    boolean withCounts() {
        return counts != null;
    }

    /// How `rowCount` copied rows lie.
    RowBlock layout(int rowCount) {
        return new RowBlock(rowCount, stride, withState, withCounts());
    }

    /// Copies a slab whole, as a block of [Slabs#SLAB_ROWS] rows.
    void copySlab(int slab, MemorySegment target) {
        int count = Slabs.SLAB_ROWS;
        RowBlock layout = layout(count);
        MemorySegment.copy(keys[slab], 0, target, layout.keysAt(), (long) count * Long.BYTES);
        if (withState) {
            MemorySegment.copy(touched[slab], 0, target, layout.touchedAt(), (long) count * Integer.BYTES);
        }
        if (withCounts()) {
            MemorySegment.copy(counts[slab], 0, target, layout.countsAt(), (long) count * Integer.BYTES);
        }
        if (layout.rowSize() == rowSize) {
            MemorySegment.copy(rows[slab], 0, target, layout.rowsAt(), count * rowSize);
            return;
        }
        for (int row = 0; row < count; row++) {
            long at = layout.rowsAt() + row * layout.rowSize();
            MemorySegment.copy(rows[slab], row * rowSize, target, at, layout.rowSize());
        }
    }

    /// Copies one row to place `index` of the rows in `target`.
    void copyRow(int row, MemorySegment target, RowBlock layout, int index) {
        int slab = row >>> Slabs.SHIFT;
        int place = row & (Slabs.SLAB_ROWS - 1);
        target.set(
                ValueLayout.JAVA_LONG, layout.keysAt() + 8L * index, keys[slab].get(ValueLayout.JAVA_LONG, 8L * place));
        if (withState) {
            long at = layout.touchedAt() + 4L * index;
            target.set(ValueLayout.JAVA_INT, at, touched[slab].get(ValueLayout.JAVA_INT, 4L * place));
        }
        if (withCounts()) {
            long at = layout.countsAt() + 4L * index;
            target.set(ValueLayout.JAVA_INT, at, counts[slab].get(ValueLayout.JAVA_INT, 4L * place));
        }
        long at = layout.rowsAt() + index * layout.rowSize();
        MemorySegment.copy(rows[slab], place * rowSize, target, at, layout.rowSize());
    }

    /// Copies one row from place to place of two groups of copied rows.
    static void copyRow(
            MemorySegment source, RowBlock from, int fromIndex, MemorySegment target, RowBlock to, int toIndex) {
        copy(source, from.keysAt(), fromIndex, target, to.keysAt(), toIndex, Long.BYTES);
        if (from.withState()) {
            copy(source, from.touchedAt(), fromIndex, target, to.touchedAt(), toIndex, Integer.BYTES);
        }
        if (from.withCounts()) {
            copy(source, from.countsAt(), fromIndex, target, to.countsAt(), toIndex, Integer.BYTES);
        }
        copy(source, from.rowsAt(), fromIndex, target, to.rowsAt(), toIndex, from.rowSize());
    }

    private static void copy(
            MemorySegment source, long from, long fromIndex, MemorySegment target, long to, long toIndex, long size) {
        MemorySegment.copy(source, from + fromIndex * size, target, to + toIndex * size, size);
    }
}
