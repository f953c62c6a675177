package io.github.corymb.embedding;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.FloatBuffer;
import java.nio.file.Path;

/// A table as its file holds it, mapped and never changed: opening reads no row, and the system brings in what is
/// looked up; one of at most [FrozenTables#COPIED_SIZE_LIMIT] bytes is copied instead. Any number of threads. It lives
/// as long as the [FrozenTables] that opened it. The file must not be written to meanwhile; to replace it, rename
/// another over it.
public final class FrozenTable {

    private final TableFile file;
    private final TableContent content;

    private FrozenTable(TableFile file, TableContent content) {
        this.file = file;
        this.content = content;
    }

    static FrozenTable open(Path folder, FieldLayout.TableShape shape, Arena arena) throws IOException {
        TableFile file = TableFile.open(folder, shape, arena);
        TableHeader header = file.header();
        file.requireFull();
        long start = file.all().address();
        BlockDirectory directory = file.directory();
        long[] keys = new long[header.rowBlockCount()];
        long[] rows = new long[keys.length];
        for (int block = 0; block < keys.length; block++) {
            RowBlock layout = header.rowBlock(block);
            keys[block] = start + directory.offset(block) + layout.keysAt();
            rows[block] = start + directory.offset(block) + layout.rowsAt();
        }
        long[] pages = new long[header.pageCount()];
        for (int page = 0; page < pages.length; page++) {
            pages[page] = start + directory.offset(directory.page(page));
        }
        KeyIndex index = new KeyIndex(
                new Slabs(Long.BYTES, file.all(), keys),
                header.rowCount() - 1,
                header.keyCount(),
                pages,
                file.pageInfos());
        Slabs slabs = new Slabs(header.layout().rowSize(), file.all(), rows);
        return new FrozenTable(file, new TableContent(shape.name(), header.layout(), header.hashing(), index, slabs));
    }

    public String name() {
        return content.name();
    }

    public int dimension() {
        return content.dimension();
    }

    /// How the weights are stored.
    public Storage storage() {
        return content.layout().storage();
    }

    /// How keys share rows, as a person would call it: `none` where each has its own.
    public String hashing() {
        return content.hashing().toString();
    }

    /// How many keys have a row.
    public int rowCount() {
        return content.index().keyCount();
    }

    /// Whether each value has a row of its own, under its key as it is.
    public boolean hasRowPerKey() {
        return content.hashing().equals(Hashing.NONE);
    }

    /// The D weights of a key: of its row, of its two where the table composes them, or of the default row where it
    /// has none.
    public FloatBuffer weights(long key) {
        return content.embedding(key); // [D]
    }

    /// Visits the default row, then all others.
    public void forEachRow(RowVisitor visitor) {
        content.forEachRow(visitor);
    }

    /// Bytes of the file.
    public long size() {
        return file.header().fileSize();
    }

    /// What had happened to its rows when it was written.
    public TableTally tally() {
        return file.header().tally();
    }

    /// The step of its last update.
    public long step() {
        return file.header().step();
    }

    /// Reads the whole index.
    public LoadFigures loadFigures() {
        return content.index().figures();
    }

    /// Reads the whole file.
    ///
    /// @throws io.github.corymb.feature.InputException if it is not what was written
    public void verify() {
        file.verify();
    }

    ServingFile toServe(Storage storage) {
        return new ServingFile(content, file.header(), storage);
    }

    TableContent content() {
        return content;
    }
}
