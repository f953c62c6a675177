package io.github.corymb.embedding;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A table on its way to a file while it learns, as [TablesSnapshot] says. The file holds the table as it was when it
/// was frozen, to the bit: what is copied before that may be torn, but is touched since and copied again.
///
/// Whoever began it closes it; a snapshot closed before it is finished leaves nothing.
final class TableSnapshot implements AutoCloseable {

    private static final int RESERVE_ROWS = 1 << 17;

    private final EmbeddingTable table;
    private final boolean withState;
    private final BlockWriter writer;
    private final BlockWriter.Written rowBlocks = new BlockWriter.Written();
    private final BlockWriter.Written pageBlocks = new BlockWriter.Written();
    private final View begun;
    private final Arena reserve = Arena.ofShared(); // memory for rows
    private MemorySegment ready = MemorySegment.NULL; // what is left of it for the next rounds
    private View last; // from where on changes are still to be copied
    private View marked; // null until it is
    private TouchedRows touched; // rows since the mark; null until there is one
    private final List<TableChanges> rounds = new ArrayList<>(); // a page is in one of them, a row in any number
    private long caughtUpSize;
    private TableFreeze freeze; // null until it is
    private TableHeader header;
    private boolean isClosed;

    /// Where a table's rows and pages are after a step.
    private static final class View {
        private final long step; // that is over
        private final RowCopy rows;
        private final long[] pages;
        private final int[] pageVersions;

        View(EmbeddingTable table, long step, boolean withState) {
            this.step = step;
            rows = new RowCopy(table, withState);
            pages = table.content().index().pages();
            pageVersions = table.content().index().pageVersions();
        }

        /// Slabs that are full.
        int slabCount() {
            return rows.rowCount() / Slabs.SLAB_ROWS;
        }
    }

    /// @param step that is over
    TableSnapshot(Path file, EmbeddingTable table, long step, boolean withState) throws IOException {
        this.table = table;
        this.withState = withState;
        table.memory().checkOpen();
        begun = new View(table, step, withState);
        last = begun;
        writer = new BlockWriter(
                file, TableHeader.of(table, begun.rows, step, withState).headSize());
        table.memory().borrow();
    }

    /// Writes a table that does not change meanwhile.
    static void write(Path file, EmbeddingTable table, long step, boolean withState) throws IOException {
        try (TableSnapshot snapshot = new TableSnapshot(file, table, step, withState)) {
            snapshot.copy();
            snapshot.freeze(step, Long.MAX_VALUE, Workers.ALONE);
            snapshot.finish();
        }
    }

    /// Writes the full slabs and the pages that there were in the beginning, as they are found.
    void copy() throws IOException {
        long size = begun.rows.layout(Slabs.SLAB_ROWS).size();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(Math.max(size, KeyPage.SIZE), Slabs.ALIGNMENT);
            for (int slab = 0; slab < begun.slabCount(); slab++) {
                begun.rows.copySlab(slab, buffer);
                writer.put(rowBlocks, slab, buffer.asSlice(0, size));
            }
            MemorySegment page = buffer.asSlice(0, KeyPage.SIZE);
            for (int number = 0; number < begun.pages.length; number++) {
                Native.copy(begun.pages[number], page.address(), KeyPage.SIZE);
                writer.put(pageBlocks, number, page);
            }
        }
    }

    /// Notes where things are now.
    ///
    /// @param step that is over
    void mark(long step) {
        marked = new View(table, step, withState);
        table.endNoting(touched);
        touched = new TouchedRows(marked.rows.rowCount());
        table.noteTouched(touched);
    }

    /// Copies to memory what changed from the last mark, or from the beginning, to this one, as it is found.
    void catchUp() {
        caughtUpSize = keepAside(marked, changedRows(marked, last.step), Workers.ALONE);
        last = marked;
        reserve(rounds.getLast().rows().length);
    }

    /// Bytes that the last catching up copied.
    long caughtUpSize() {
        return caughtUpSize;
    }

    /// Copies to memory what changed since.
    ///
    /// @param step that is over
    /// @param workers of the tables, which wait meanwhile
    void freeze(long step, Workers workers) {
        freeze(step, last.step, workers);
    }

    /// Writes what was kept aside, and gives the file its name.
    void finish() throws IOException {
        finishRows();
        for (TableChanges changes : rounds) {
            int[] pages = changes.pages();
            for (int at = 0; at < pages.length; at++) {
                writer.put(pageBlocks, pages[at], changes.page(at));
            }
        }
        BlockDirectory directory = new BlockDirectory(rowBlocks.count(), pageBlocks.count());
        rowBlocks.list(directory, 0);
        pageBlocks.list(directory, rowBlocks.count());
        finish(writer, freeze, header, directory);
    }

    /// Ends a file with what is small.
    static void finish(BlockWriter writer, TableFreeze freeze, TableHeader header, BlockDirectory directory)
            throws IOException {
        BlockWriter.Written small = new BlockWriter.Written();
        for (BlockDirectory.Last last : BlockDirectory.Last.values()) {
            writer.put(small, last.place(), freeze.last(last));
        }
        small.list(directory, directory.last(BlockDirectory.Last.PAGES));
        writer.publish(header, directory);
    }

    @Override
    public void close() throws IOException {
        if (isClosed) {
            return;
        }
        isClosed = true;
        table.endNoting(touched);
        table.memory().giveBack();
        rounds.forEach(TableChanges::close);
        if (freeze != null) {
            freeze.close();
        }
        reserve.close();
        writer.close();
    }

    /// Makes memory ready for so many rows, and some: memory that is new to the process is slow.
    private void reserve(long rowCount) {
        long limit = Math.min(rowCount + RESERVE_ROWS, begun.rows.rowCount());
        long size = begun.rows.layout((int) limit).size();
        if (ready.byteSize() < size) {
            ready = reserve.allocate(size, Slabs.ALIGNMENT);
        }
    }

    private void freeze(long step, long since, Workers workers) {
        View now = new View(table, step, withState);
        keepAside(now, last == marked ? touched.numbers() : changedRows(now, since), workers);
        table.endNoting(touched);
        freeze = new TableFreeze(table, true, withState);
        header = TableHeader.of(table, now.rows, step, withState);
    }

    /// The rows that changed since a step, by the steps of all rows.
    private int[] changedRows(View to, long since) {
        // in the first round, rows that were given a key, but not touched, lie behind the full slabs of the beginning
        int behind = rounds.isEmpty() ? begun.slabCount() * Slabs.SLAB_ROWS : Integer.MAX_VALUE;
        return to.rows.choose(since, behind);
    }

    /// Copies these rows and the pages that changed as they are found, a page that an earlier round holds to its place
    /// there.
    ///
    /// @return how many bytes
    private long keepAside(View to, int[] rows, Workers workers) {
        int[] pages = TableChanges.changedPages(last.pageVersions, to.pageVersions);
        int[] others = pages;
        for (TableChanges round : rounds) {
            others = round.retake(others, to.pages);
        }
        rounds.add(new TableChanges(to.rows, rows, to.pages, others, ready, workers));
        long size = to.rows.layout(rows.length).size();
        ready = size <= ready.byteSize() ? ready.asSlice(size) : ready;
        return size + pages.length * KeyPage.SIZE;
    }

    /// Brings the rows kept aside into their blocks, those of the last round last.
    private void finishRows() throws IOException {
        int[] at = new int[rounds.size()];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(header.fullBlock().size(), Slabs.ALIGNMENT);
            int block = next(at);
            while (block != Integer.MAX_VALUE) {
                RowBlock layout = header.rowBlock(block);
                MemorySegment bytes = buffer.asSlice(0, layout.size());
                if (block < rowBlocks.count()) {
                    writer.get(rowBlocks, block, bytes);
                } else {
                    bytes.fill((byte) 0);
                }
                for (int round = 0; round < at.length; round++) {
                    int end = rounds.get(round).endOfBlock(at[round], block);
                    rounds.get(round).copyTo(at[round], end, bytes.address(), layout);
                    at[round] = end;
                }
                writer.put(rowBlocks, block, bytes);
                block = next(at);
            }
        }
    }

    private int next(int[] at) {
        int block = Integer.MAX_VALUE;
        for (int round = 0; round < at.length; round++) {
            block = Math.min(block, rounds.get(round).blockAt(at[round]));
        }
        return block;
    }
}
