package io.github.corymb.embedding;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// A table on its way to a file while it learns. Between two steps it is begun; then any thread copies it, row by
/// row as each is found; then, between two later steps, it is frozen: what changed since it was begun is kept aside;
/// then any thread finishes the file, which holds the table as it was when it was frozen, to the bit.
///
/// The table waits for nothing but the freezing, which reads 4 bytes of each row and copies the rows and pages that
/// changed since the beginning. Whoever began it closes it; a snapshot closed before it is finished leaves nothing.
final class TableSnapshot implements AutoCloseable {

    private final EmbeddingTable table;
    private final boolean withState;
    private final long begun; // the step that was over
    private final RowCopy source;
    private final int slabCount; // full ones, copied as they are found
    private final long[] pages;
    private final int[] pageVersions;
    private final BlockWriter writer;
    private final BlockWriter.Written rowBlocks = new BlockWriter.Written();
    private final BlockWriter.Written pageBlocks = new BlockWriter.Written();
    private TableFreeze freeze;
    private TableHeader header;
    private boolean isClosed;

    /// @param step that is over
    TableSnapshot(Path file, EmbeddingTable table, long step, boolean withState) throws IOException {
        this.table = table;
        this.withState = withState;
        this.begun = step;
        table.memory().checkOpen();
        KeyIndex index = table.content().index();
        source = new RowCopy(table, withState);
        slabCount = (int) ((index.lastRow() + 1L) / Slabs.SLAB_ROWS);
        pages = new long[index.pageCount()];
        pageVersions = new int[pages.length];
        for (int page = 0; page < pages.length; page++) {
            pages[page] = index.page(page);
            pageVersions[page] = index.pageVersion(page);
        }
        writer = new BlockWriter(file, header(step).headSize());
        table.memory().borrow();
    }

    /// Writes a table that does not change meanwhile.
    static void write(Path file, EmbeddingTable table, long step, boolean withState) throws IOException {
        try (TableSnapshot snapshot = new TableSnapshot(file, table, step, withState)) {
            snapshot.copy();
            snapshot.freeze(step, Long.MAX_VALUE);
            snapshot.finish();
        }
    }

    /// Copies the rows and pages that were there in the beginning.
    void copy() throws IOException {
        long size = source.layout(Slabs.SLAB_ROWS).size();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(Math.max(size, KeyPage.SIZE), Slabs.ALIGNMENT);
            for (int slab = 0; slab < slabCount; slab++) {
                source.copySlab(slab, buffer);
                writer.put(rowBlocks, slab, buffer.asSlice(0, size));
            }
            MemorySegment page = buffer.asSlice(0, KeyPage.SIZE);
            for (int number = 0; number < pages.length; number++) {
                Native.copy(pages[number], page.address(), KeyPage.SIZE);
                writer.put(pageBlocks, number, page);
            }
        }
    }

    /// Keeps aside what changed.
    ///
    /// @param step that is over
    void freeze(long step) {
        freeze(step, begun); // rows of the last step may have been evicted after the beginning
    }

    /// Writes what was kept aside, and gives the file its name.
    void finish() throws IOException {
        finishRows();
        int[] changed = freeze.pages();
        for (int at = 0; at < changed.length; at++) {
            writer.put(pageBlocks, changed[at], freeze.page(at));
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
        table.memory().giveBack();
        if (freeze != null) {
            freeze.close();
        }
        writer.close();
    }

    private void freeze(long step, long since) {
        freeze = new TableFreeze(table, since, slabCount * Slabs.SLAB_ROWS, pageVersions, withState);
        header = header(step);
    }

    private TableHeader header(long step) {
        return TableHeader.of(table, source, step, withState);
    }

    /// Brings the rows kept aside into their blocks.
    private void finishRows() throws IOException {
        int rowCount = header.rowCount();
        int[] rows = freeze.rows();
        long changed = freeze.rowBlock().address();
        try (Arena arena = Arena.ofConfined()) {
            long size = source.layout(Slabs.SLAB_ROWS).size();
            MemorySegment buffer = arena.allocate(size, Slabs.ALIGNMENT);
            int at = 0;
            while (at < rows.length) {
                int block = rows[at] >>> Slabs.SHIFT;
                int first = block << Slabs.SHIFT;
                RowBlock layout = source.layout(Math.min(Slabs.SLAB_ROWS, rowCount - first));
                MemorySegment bytes = buffer.asSlice(0, layout.size());
                if (block < slabCount) {
                    writer.get(rowBlocks, block, bytes);
                } else {
                    bytes.fill((byte) 0);
                }
                while (at < rows.length && rows[at] >>> Slabs.SHIFT == block) {
                    RowCopy.copyRow(changed, freeze.layout(), at, bytes.address(), layout, rows[at] - first);
                    at++;
                }
                writer.put(rowBlocks, block, bytes);
            }
        }
    }
}
