package io.github.corymb.embedding;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The columns of a table as they were when this was made, to be copied by any thread while the table learns: slabs
/// that it gets later are not among them, and a row that is updated meanwhile may be copied in part.
final class RowCopy {

    private static final int PART_ROWS = 4096;

    private final boolean withState;
    private final RowLayout rowLayout; // of a copied row
    private final Slabs keys;
    private final Slabs touched;
    private final Slabs counts; // null without
    private final Slabs weights;
    private final Slabs states;
    private final int rowCount;

    /// @param withState whether to copy all that learning needs, or keys and weights alone
    RowCopy(EmbeddingTable table, boolean withState) {
        this.withState = withState;
        RowLayout whole = table.content().layout();
        rowLayout = withState ? whole : whole.withoutState();
        LearningRows rows = table.rows();
        keys = rows.keys().asNow();
        touched = rows.touched().asNow();
        counts = withState && rows.counts() != null ? rows.counts().asNow() : null;
        weights = rows.bodies().asNow();
        states = rows.states().asNow();
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
            count = choose(bound, first, end, chosen, count);
        }
        return Arrays.copyOf(chosen, count);
    }

    /// Copies a slab whole, as a block of [Slabs#SLAB_ROWS] rows.
    void copySlab(int slab, MemorySegment block) {
        RowBlock layout = layout(Slabs.SLAB_ROWS);
        for (int place = 0; place < Slabs.SLAB_ROWS; place++) {
            copyRow((slab << Slabs.SHIFT) + place, block.address(), layout, place);
        }
    }

    /// Copies rows of these numbers to places one after the other.
    void copyRows(int[] numbers, long target, RowBlock layout, Workers workers) {
        workers.run(Math.ceilDiv(numbers.length, PART_ROWS), (part, _) -> {
            int from = part * PART_ROWS;
            copyRows(numbers, from, Math.min(numbers.length, from + PART_ROWS), target, layout);
        });
    }

    private void copyRows(int[] numbers, int from, int to, long target, RowBlock layout) {
        ReadAhead ahead = new ReadAhead();
        for (int block = from; block < to; block += ReadAhead.LIMIT) {
            int end = Math.min(to, block + ReadAhead.LIMIT);
            keys.readAhead(numbers, block, end, keys.stride(), ahead);
            weights.readAhead(numbers, block, end, weights.stride(), ahead);
            for (int index = block; index < end; index++) {
                copyRow(numbers[index], target, layout, index);
            }
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
        Native.putLong(target + layout.keysAt() + 8L * index, Native.getLong(keys.at(row)));
        if (withState) {
            copyInt(touched.at(row), target + layout.touchedAt() + 4L * index);
        }
        if (withCounts()) {
            copyInt(counts.at(row), target + layout.countsAt() + 4L * index);
        }
        long copied = target + layout.rowsAt() + index * layout.rowSize();
        Native.copy(weights.at(row), copied, rowLayout.stateAt());
        if (withState) {
            copyState(states.at(row), copied + rowLayout.stateAt());
        }
    }

    private void copyState(long from, long to) {
        if (rowLayout.stateWidth() == 1) {
            copyInt(from, to); // as bits
        } else {
            Native.copy(from, to, 4L * rowLayout.stateWidth());
        }
    }

    /// Appends the rows of a slab that were touched at step `bound` or later.
    private int choose(int bound, int first, int end, int[] chosen, int count) {
        long steps = touched.at(first);
        int at = count;
        for (int row = 0; row < end; row++) {
            chosen[at] = first + row;
            at += Native.getInt(steps + row * touched.stride()) >= bound ? 1 : 0;
        }
        return at;
    }

    private static void copyInt(long from, long to) {
        Native.putInt(to, Native.getInt(from));
    }
}
