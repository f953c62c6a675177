package io.github.corymb.embedding;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// What changed in a table since a step, kept aside between two steps and then written to a file by any thread: the
/// rows that were updated, given to a key or given up, by their numbers, and all that is small. Laid over a table as
/// it was at that step, it gives the table to the bit.
///
/// Whoever made it closes it; one closed before it is written leaves nothing.
final class TableIncrement implements AutoCloseable {

    private final TableChanges changes;
    private final TableFreeze freeze;
    private final TableHeader header;

    /// @param since the step of the file that this one is to be laid over
    /// @param step that is over
    TableIncrement(EmbeddingTable table, long since, long step) {
        table.memory().checkOpen();
        RowCopy source = new RowCopy(table, true);
        int[] rows = source.choose(since + 1, Integer.MAX_VALUE);
        changes = new TableChanges(source, rows, new long[0], new int[0], MemorySegment.NULL, Workers.ALONE);
        freeze = new TableFreeze(table, false, true);
        freeze.keepRowNumbers(rows);
        header = TableHeader.ofIncrement(table, source, step, since, rows.length);
    }

    void write(Path file) throws IOException {
        BlockWriter.Written blocks = new BlockWriter.Written();
        try (BlockWriter writer = new BlockWriter(file, header.headSize());
                Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(header.fullBlock().size(), Slabs.ALIGNMENT);
            for (int block = 0; block < header.rowBlockCount(); block++) {
                RowBlock layout = header.rowBlock(block);
                MemorySegment bytes = buffer.asSlice(0, layout.size()).fill((byte) 0);
                changes.list(block << Slabs.SHIFT, layout.rowCount(), bytes.address(), layout);
                writer.put(blocks, block, bytes);
            }
            BlockDirectory directory = new BlockDirectory(blocks.count(), 0);
            blocks.list(directory, 0);
            TableSnapshot.finish(writer, freeze, header, directory);
        }
    }

    @Override
    public void close() {
        changes.close();
        freeze.close();
    }
}
