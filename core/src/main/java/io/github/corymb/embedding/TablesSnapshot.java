package io.github.corymb.embedding;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// All tables of a schema on their way to the files of a folder while they learn on:
///
/// | call | thread | when |
/// |---|---|---|
/// | [EmbeddingTables#snapshot(Path, boolean)] | the tables' | between two steps |
/// | [#copy()] | any, meanwhile | after it |
/// | [#mark()] | the tables' | between two steps, after the copy has ended; may be left out with the next |
/// | [#catchUp()] | any, meanwhile | after it; then the mark again, as long as [#mayShrink()] |
/// | [#freeze()] | the tables' | between two steps, after that has ended |
/// | [#finish()] | any, meanwhile | after it |
///
/// The files hold the tables as they were when they were frozen, and have their names once they are whole and on the
/// disk. Learning waits for the freezing alone, which copies the rows and pages that changed since the last mark;
/// without one it reads the steps of all rows first. Each catching up leaves less to the next, since tables learn while
/// it lasts, and less changed than before. What changed until then is kept in memory too, once for each round that
/// found it changed; all of it is given back at the end.
///
/// Whoever began it closes it; a snapshot closed before it is finished leaves nothing. The tables must not be closed
/// before it is.
public final class TablesSnapshot implements AutoCloseable {

    private static final int ROUND_LIMIT = 10;
    private static final long SMALL_SIZE = 8 << 20; // bytes that are copied in a few milliseconds

    private final EmbeddingTables tables;
    private final Workers workers; // theirs
    private final Path folder;
    private final List<TableSnapshot> snapshots = new ArrayList<>();
    private int roundCount;
    private long caughtUpSize; // bytes, of the last round
    private long sizeBefore = Long.MAX_VALUE; // of the one before

    TablesSnapshot(EmbeddingTables tables, Workers workers, Path folder, boolean withState) throws IOException {
        this.tables = tables;
        this.workers = workers;
        this.folder = folder;
        try {
            for (EmbeddingTable table : tables.tables()) {
                Path file = TableFile.path(folder, table.name());
                snapshots.add(new TableSnapshot(file, table, tables.step(), withState));
            }
        } catch (IOException | RuntimeException fault) {
            close();
            throw fault;
        }
    }

    /// Copies the tables as they are found.
    public void copy() throws IOException {
        for (TableSnapshot snapshot : snapshots) {
            snapshot.copy();
        }
    }

    /// Notes where things are.
    public void mark() {
        snapshots.forEach(snapshot -> snapshot.mark(tables.step()));
    }

    /// Keeps aside what changed from the mark before, or from the beginning, to the last.
    public void catchUp() {
        snapshots.forEach(TableSnapshot::catchUp);
        roundCount++;
        sizeBefore = roundCount == 1 ? Long.MAX_VALUE : caughtUpSize;
        caughtUpSize = snapshots.stream().mapToLong(TableSnapshot::caughtUpSize).sum();
    }

    /// Whether one more mark and catching up may make the freezing shorter: the last found much that had changed, but
    /// less than the one before, and was not the tenth.
    public boolean mayShrink() {
        return roundCount < ROUND_LIMIT && caughtUpSize > SMALL_SIZE && caughtUpSize < sizeBefore;
    }

    /// Keeps aside what changed since.
    public void freeze() {
        snapshots.forEach(snapshot -> snapshot.freeze(tables.step(), workers));
    }

    /// Writes what was kept aside, and gives the files their names.
    public void finish() throws IOException {
        for (TableSnapshot snapshot : snapshots) {
            snapshot.finish();
        }
        force(folder);
    }

    @Override
    public void close() throws IOException {
        IOException problem = null;
        for (TableSnapshot snapshot : snapshots) {
            try {
                snapshot.close();
            } catch (IOException one) {
                problem = one;
            }
        }
        if (problem != null) {
            throw problem;
        }
    }

    /// Puts the names in a folder on the disk.
    static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (AccessDeniedException _) {
            // Windows opens no folder, and has no such call to make
        }
    }
}
