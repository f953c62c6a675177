package io.github.corymb.embedding;

/// The rows of a table that learns, each in two places, so that what waits for memory waits for few cache lines: its
/// head, which a lookup reads to confirm the key and an update writes, and its body.
///
///     head = key, long | step of the last update, int | the optimizer's float, where it has just one
///     body = weights | the optimizer's floats, where it has several
///
/// The body of 16 floats is one cache line.
final class LearningRows {

    private static final long TOUCHED_AT = Long.BYTES;
    private static final long STATE_AT = TOUCHED_AT + Integer.BYTES;

    private final RowLayout layout;
    private final Slabs heads;
    private final Slabs keys; // [n + 1] long
    private final Slabs touched; // [n + 1] int, step of the last update, the first gather or the eviction
    private final Slabs bodies;
    private final Slabs states; // [n + 1] the optimizer's floats
    private final Slabs counts; // [n + 1] int, steps that updated the row; null unless trimming asks

    /// No rows yet; [#ensure(int, TableMemory)] makes room.
    LearningRows(RowLayout layout, boolean withCounts) {
        this.layout = layout;
        boolean isStateInHead = layout.stateWidth() == 1;
        heads = new Slabs(STATE_AT + (isStateInHead ? Float.BYTES : 0));
        keys = heads.view(0);
        touched = heads.view(TOUCHED_AT);
        bodies = new Slabs(isStateInHead ? layout.stateAt() : layout.rowSize());
        states = isStateInHead ? heads.view(STATE_AT) : bodies.view(layout.stateAt());
        counts = withCounts ? new Slabs(Integer.BYTES) : null;
    }

    /// Makes room for `row`, in zeros.
    void ensure(int row, TableMemory memory) {
        heads.ensure(row, memory);
        bodies.ensure(row, memory);
        if (counts != null) {
            counts.ensure(row, memory);
        }
    }

    /// Weights and state to zeros.
    void clear(int row) {
        Native.clear(bodies.at(row), layout.stateAt());
        Native.clear(states.at(row), layout.rowSize() - layout.stateAt());
    }

    /// Notes that `row` was updated at `step`.
    void touch(int row, int step) {
        Native.putInt(touched.at(row), step);
        if (counts != null) {
            long at = counts.at(row);
            Native.putInt(at, Native.getInt(at) + 1);
        }
    }

    /// Reads ahead what an update of some rows will read and write.
    ///
    /// @param of rows, of which those from `from` to before `to` count, at most [ReadAhead#LIMIT]
    void readAhead(int[] of, int from, int to, ReadAhead ahead) {
        heads.readAhead(of, from, to, heads.stride(), ahead);
        bodies.readAhead(of, from, to, bodies.stride(), ahead);
    }

    Slabs keys() {
        return keys;
    }

    Slabs touched() {
        return touched;
    }

    /// Each D weights, as [RowLayout] says, at the start of the body.
    Slabs bodies() {
        return bodies;
    }

    Slabs states() {
        return states;
    }

    /// Null unless updates are counted.
    Slabs counts() {
        return counts;
    }
}
