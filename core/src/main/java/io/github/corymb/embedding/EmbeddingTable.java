package io.github.corymb.embedding;

import java.lang.foreign.Arena;
import java.nio.FloatBuffer;

/// A table that learns: keys, their rows of D weights with the optimizer's state behind them, and the step at
/// which each row was last updated, all off heap. Rows are numbered in order of arrival and never move.
///
/// Row 0 is the default row, which every key without a row reads. It has no key of its own, is not counted by
/// [#rowCount()], and stays zero, the mean of the initial weights, unless the spec's `unknownShare` trains it.
///
/// One thread at a time. Whoever made it closes it; segments and buffers it gave are dead from then on.
public final class EmbeddingTable implements AutoCloseable {

    /// The key under which the default row is visited. No value has it.
    public static final long DEFAULT_KEY = 0;

    static final int DEFAULT_ROW = 0;

    private final TableContent content;
    private final EmbeddingSpec spec;
    private final long seed; // of the table's initial weights
    private final Arena arena;
    private final Slabs touched; // [n + 1] int, step of the last update, 0 for none
    private long unknownCount;

    /// An empty table.
    ///
    /// @param name of the table; together with `seed` and a key it decides the key's initial weights
    @SuppressWarnings("MustBeClosedChecker") // closed by close()
    public EmbeddingTable(String name, int dimension, EmbeddingSpec spec, long seed) {
        if (dimension < 1 || dimension > TableHeader.DIMENSION_LIMIT) {
            throw new IllegalArgumentException("table '%s': dimension: expected 1 to %,d, found %,d"
                    .formatted(name, TableHeader.DIMENSION_LIMIT, dimension));
        }
        this.spec = spec;
        this.seed = Mix.mix(seed, name);
        arena = new TableArena();
        Slabs rows = new Slabs(4L * stride(dimension, spec));
        touched = new Slabs(Integer.BYTES);
        rows.ensure(DEFAULT_ROW, arena);
        touched.ensure(DEFAULT_ROW, arena);
        content = new TableContent(name, dimension, new KeyIndex(arena), rows);
    }

    /// Takes over what a file held; `arena` owns all of it.
    EmbeddingTable(TableContent content, Slabs touched, EmbeddingSpec spec, long seed, Arena arena) {
        this.content = content;
        this.touched = touched;
        this.spec = spec;
        this.seed = Mix.mix(seed, content.name());
        this.arena = arena;
    }

    /// Floats from one row to the next.
    static int stride(int dimension, EmbeddingSpec spec) {
        return dimension + spec.stateWidth(dimension);
    }

    public String name() {
        return content.name();
    }

    public int dimension() {
        return content.dimension();
    }

    /// How many keys have a row.
    public int rowCount() {
        return content.index().keyCount();
    }

    /// The row of `key`. A key without one gets one if `insert`, and is given the default row otherwise.
    public int row(long key, boolean insert) {
        int row = content.find(key);
        if (row != KeyIndex.ABSENT || !insert || key == DEFAULT_KEY) {
            return row; // absent and default are both row 0
        }
        row = add(key);
        fill(row, key);
        return row;
    }

    /// Gives `key`, which has none and is not the default key, a row of zeros, which [#fill(int, long)] fills.
    int add(long key) {
        int row = content.index().add(key, arena);
        content.rows().ensure(row, arena);
        touched.ensure(row, arena);
        return row;
    }

    /// Writes the initial weights of a new row. Any number of threads, each with rows of its own.
    void fill(int row, long key) {
        InitialWeights.fill(content.rows().at(row), dimension(), seed, key, spec.initialScale());
    }

    /// The D weights of a row, for reading, as they are and as they become.
    public FloatBuffer weights(int row) {
        if (row < 0 || row > rowCount()) {
            throw new IndexOutOfBoundsException("table '%s': row %d of %d".formatted(name(), row, rowCount()));
        }
        return content.weights(row); // [D]
    }

    /// Visits the default row, then all others in order of arrival.
    public void forEachRow(RowVisitor visitor) {
        content.forEachRow(visitor);
    }

    /// Visits the rows updated after `step`, in order of arrival; after 0, all rows ever updated. Reads the
    /// step of every row.
    public void touchedSince(long step, RowVisitor visitor) {
        for (int row = 0; row <= rowCount(); row++) {
            if (Native.getInt(touched.at(row)) > step) {
                visitor.visit(content.index().keyOf(row), content.weights(row));
            }
        }
    }

    /// Off-heap memory and the directory of the index, in bytes.
    public long size() {
        return content.rows().size() + touched.size() + content.index().size();
    }

    /// Reads the whole index.
    public LoadFigures loadFigures() {
        return content.index().figures();
    }

    /// Lookups without insertion that found no row.
    public long unknownCount() {
        return unknownCount;
    }

    @Override
    public void close() {
        arena.close();
    }

    void countUnknown(long count) {
        unknownCount += count;
    }

    void touch(int row, int step) {
        Native.putInt(touched.at(row), step);
    }

    TableContent content() {
        return content;
    }

    Slabs touched() {
        return touched;
    }

    EmbeddingSpec spec() {
        return spec;
    }

    long seed() {
        return seed;
    }
}
