package io.github.corymb.embedding;

import io.github.corymb.feature.InputException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/// The off-heap memory of one table, within the bound of the table and the one that all tables share. What it gives
/// is zero, begins on a cache line and stays until this is closed.
///
/// Whoever made it closes it.
final class TableMemory implements AutoCloseable {

    private static final String FEWER_ROWS =
            "admit fewer keys (%1$s.admission), or let rows go (%1$s.expiry, %1$s.trim)";
    private static final String SMALLER_SIZE = "or lower %1$s.hashing.rows";

    private final String table;
    private final String remedy;
    private final MemoryBound own;
    private final MemoryBound shared;
    private final Arena arena;
    private final AtomicInteger borrowers = new AtomicInteger();
    private boolean isClosed;

    /// @param isHashed whether keys share its rows
    /// @param own bound of this table alone
    /// @param shared bound of all tables together
    @SuppressWarnings("MustBeClosedChecker") // closed by close()
    TableMemory(String table, boolean isHashed, MemoryBound own, MemoryBound shared) {
        this.table = table;
        this.remedy = isHashed ? SMALLER_SIZE : FEWER_ROWS;
        this.own = own;
        this.shared = shared;
        this.arena = new TableArena();
    }

    /// Without bounds, for what is read and written as a whole.
    static TableMemory unbounded() {
        return new TableMemory("", false, MemoryBound.none(), MemoryBound.none());
    }

    /// @throws InputException where a bound is reached; nothing has changed then
    MemorySegment allocate(long size) {
        if (!own.take(size)) {
            throw reached(own);
        }
        if (!shared.take(size)) {
            own.giveBack(size);
            throw reached(shared);
        }
        return arena.allocate(size, Slabs.ALIGNMENT);
    }

    /// Bytes given.
    long size() {
        return own.size();
    }

    /// @throws IllegalStateException if this is closed
    void checkOpen() {
        if (isClosed) {
            throw new IllegalStateException("table '%s' is closed".formatted(table));
        }
    }

    /// Keeps the memory for whoever reads it by its addresses, until it is given back.
    void borrow() {
        checkOpen();
        borrowers.incrementAndGet();
    }

    void giveBack() {
        borrowers.decrementAndGet();
    }

    private InputException reached(MemoryBound bound) {
        return new InputException("%s: expected at most %s, found that table '%s' needs more; raise it, %s"
                .formatted(bound.key(), bound.limitText(), table, remedy.formatted("tables." + table)));
    }

    /// @throws IllegalStateException while it is borrowed
    @Override
    public void close() {
        if (!isClosed) {
            if (borrowers.get() > 0) {
                throw new IllegalStateException("table '%s': a snapshot of it is still open".formatted(table));
            }
            isClosed = true;
            shared.giveBack(own.size());
            arena.close();
        }
    }
}
