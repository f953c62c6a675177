package io.github.corymb.embedding;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The columns of a table as they were when this was made, to be copied by any thread while the table learns: slabs
/// that it gets later are not among them, and a row that is updated meanwhile may be copied in part.
final class RowCopy {

    private final boolean withState;
    private final RowLayout rowLayout; // of a copied row
    private final long[] keys; // addresses of slabs, as those below
    private final long[] touched;
    private final long[] counts; // null without
    private final long[] rows;
    private final long rowSize; // of the table
    private final int rowCount;

    /// @param withState whether to copy all that learning needs, or keys and weights alone
    RowCopy(EmbeddingTable table, boolean withState) {
        this.withState = withState;
        RowLayout whole = table.content().layout();
        rowLayout = withState ? whole : whole.withoutState();
        keys = table.content().index().keys().addresses();
        touched = table.touched().addresses();
        counts = withState && table.counts() != null ? table.counts().addresses() : null;
        rows = table.content().rows().addresses();
        rowSize = table.content().rows().elementSize();
        rowCount = table.lastRow() + 1;
    }

    /// Rows that there were, the default row among them.
    int rowCount() {
        return rowCount;
    }

    RowLayout rowLayout() {
        return rowLayout;
    }

    boolean withCounts() {
        return counts != null;
    }

    /// How `rowCount` copied rows lie.
    RowBlock layout(int rowCount) {
        return new RowBlock(rowCount, rowLayout.rowSize(), withState, withCounts());
    }

    /// The rows that were touched at step `since` or later, and all from row `behind` on, in their order. Reads the
    /// steps of all rows as they are now.
    ///
    /// @param behind the first row of a slab
    int[] choose(long since, int behind) {
        int[] chosen = new int[Slabs.SLAB_ROWS];
        int count = 0;
        for (int first = 0; first >= 0 && first < rowCount; first += Slabs.SLAB_ROWS) {
            if (first < behind && since > Integer.MAX_VALUE) {
                continue;
            }
            int end = Math.min(Slabs.SLAB_ROWS, rowCount - first);
            if (chosen.length - count < end) {
                chosen = Arrays.copyOf(chosen, chosen.length + Math.max(chosen.length / 2, end));
            }
            int bound = first >= behind ? Integer.MIN_VALUE : (int) since;
            count = choose(touched[first >>> Slabs.SHIFT], bound, first, end, chosen, count);
        }
        return Arrays.copyOf(chosen, count);
    }

    /// Copies a slab whole, as a block of [Slabs#SLAB_ROWS] rows.
    void copySlab(int slab, MemorySegment block) {
        long target = block.address();
        int count = Slabs.SLAB_ROWS;
        RowBlock layout = layout(count);
        Native.copy(keys[slab], target + layout.keysAt(), (long) count * Long.BYTES);
        if (withState) {
            Native.copy(touched[slab], target + layout.touchedAt(), (long) count * Integer.BYTES);
        }
        if (withCounts()) {
            Native.copy(counts[slab], target + layout.countsAt(), (long) count * Integer.BYTES);
        }
        if (layout.rowSize() == rowSize) {
            Native.copy(rows[slab], target + layout.rowsAt(), count * rowSize);
            return;
        }
        for (int row = 0; row < count; row++) {
            Native.copy(
                    rows[slab] + row * rowSize, target + layout.rowsAt() + row * layout.rowSize(), layout.rowSize());
        }
    }

    /// Copies rows of these numbers, one after the other.
    void copyRows(int[] numbers, long target, RowBlock layout) {
        for (int index = 0; index < numbers.length; index++) {
            copyRow(numbers[index], target, layout, index);
        }
    }

    /// Copies one row from place to place of two groups of copied rows.
    static void copyRow(long source, RowBlock from, int fromIndex, long target, RowBlock to, int toIndex) {
        Native.putLong(target + to.keysAt() + 8L * toIndex, Native.getLong(source + from.keysAt() + 8L * fromIndex));
        if (from.withState()) {
            copyInt(source + from.touchedAt() + 4L * fromIndex, target + to.touchedAt() + 4L * toIndex);
        }
        if (from.withCounts()) {
            copyInt(source + from.countsAt() + 4L * fromIndex, target + to.countsAt() + 4L * toIndex);
        }
        Native.copy(
                source + from.rowsAt() + fromIndex * from.rowSize(),
                target + to.rowsAt() + toIndex * to.rowSize(),
                from.rowSize());
    }

    private void copyRow(int row, long target, RowBlock layout, int index) {
        int slab = row >>> Slabs.SHIFT;
        long place = row & (Slabs.SLAB_ROWS - 1);
        Native.putLong(target + layout.keysAt() + 8L * index, Native.getLong(keys[slab] + 8 * place));
        if (withState) {
            copyInt(touched[slab] + 4 * place, target + layout.touchedAt() + 4L * index);
        }
        if (withCounts()) {
            copyInt(counts[slab] + 4 * place, target + layout.countsAt() + 4L * index);
        }
        Native.copy(
                rows[slab] + place * rowSize, target + layout.rowsAt() + index * layout.rowSize(), layout.rowSize());
    }

    /// Appends the rows of a slab whose number at `steps` is at least `bound`.
    private static int choose(long steps, int bound, int first, int end, int[] chosen, int count) {
        int at = count;
        for (int row = 0; row < end; row++) {
            chosen[at] = first + row;
            at += Native.getInt(steps + 4L * row) >= bound ? 1 : 0;
        }
        return at;
    }

    private static void copyInt(long from, long to) {
        Native.putInt(to, Native.getInt(from));
    }
}
