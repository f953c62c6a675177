package io.github.corymb.embedding;

import java.nio.FloatBuffer;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;

/// A table that learns: keys, their rows of D weights with the optimizer's state behind them, and the step at
/// which each row was last updated, all off heap. Rows never move. A new key takes the lowest row that an evicted
/// one left, or else the next.
///
/// Row 0 is the default row, which every key without a row reads. It has no key of its own, is not counted by
/// [#rowCount()], and stays zero, the mean of the initial weights, unless the spec's `unknownShare` or an
/// admission that refuses keys trains it.
///
/// Where the spec has `hashing`, the keys are those of its buckets, from 1.
///
/// One thread at a time. Whoever made it closes it; segments and buffers it gave are dead from then on.
public final class EmbeddingTable implements AutoCloseable {

    /// The key under which the default row is visited. No value has it.
    public static final long DEFAULT_KEY = 0;

    static final int DEFAULT_ROW = 0;

    private final TableContent content;
    private final EmbeddingSpec spec;
    private final TableSpec tableSpec;
    private final long seed; // of the table's initial weights
    private final TableMemory memory;
    private final LearningRows rows;
    private final List<TouchedRows> touchedRows =
            new CopyOnWriteArrayList<>(); // of snapshots, which any thread may close
    private final Admission admission;
    private EmbeddingTable first; // whose further columns these are; null for most
    private final StepTimes times = new StepTimes();
    private final Tombstones tombstones = new Tombstones();
    private int step; // in progress
    private long lookupCount;
    private long refusedCount;
    private long expiredCount;
    private long trimmedCount;
    private long unknownCount;

    /// An empty table within no bound, whose keys all get rows and keep them.
    ///
    /// @param name of the table; together with `seed` and a key it decides the key's initial weights
    public EmbeddingTable(String name, int dimension, EmbeddingSpec spec, long seed) {
        this(name, dimension, spec, TableSpecs.standard(), seed);
    }

    /// An empty table.
    ///
    /// @param name of the table; together with `seed` and a key it decides the key's initial weights
    /// @throws io.github.corymb.feature.InputException where even that is above the bound of its memory
    public EmbeddingTable(String name, int dimension, EmbeddingSpec spec, TableSpecs specs, long seed) {
        if (dimension < 1 || dimension > TableHeader.DIMENSION_LIMIT) {
            throw new IllegalArgumentException("table '%s': dimension: expected 1 to %,d, found %,d"
                    .formatted(name, TableHeader.DIMENSION_LIMIT, dimension));
        }
        this.spec = spec;
        this.tableSpec = specs.of(name);
        this.seed = Mix.mix(seed, name);
        memory = specs.memory(name);
        RowLayout layout = RowLayout.of(dimension, specs.storage(name), spec);
        rows = new LearningRows(layout, tableSpec.countsUpdates());
        try {
            rows.ensure(DEFAULT_ROW, memory);
            KeyIndex index = new KeyIndex(rows.keys(), memory);
            content = new TableContent(name, layout, Hashing.of(tableSpec.hashing()), index, rows.bodies());
            admission = Admission.of(tableSpec.admission(), this.seed, memory);
        } catch (RuntimeException | OutOfMemoryError fault) {
            memory.close();
            throw fault;
        }
    }

    /// Takes over what a file held; `memory` owns all of it.
    EmbeddingTable(
            TableContent content,
            LearningRows rows,
            EmbeddingSpec spec,
            TableSpec tableSpec,
            long seed,
            TableMemory memory) {
        this.content = content;
        this.rows = rows;
        this.spec = spec;
        this.tableSpec = tableSpec;
        this.seed = Mix.mix(seed, content.name());
        this.memory = memory;
        this.admission = Admission.of(tableSpec.admission(), this.seed, memory);
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

    /// How many keys have a row.
    public int rowCount() {
        return content.index().keyCount();
    }

    /// The row of `key`. A key without one gets one if `insert` and admission allow, and is given the default row
    /// otherwise.
    ///
    /// @throws io.github.corymb.feature.InputException where a bound on memory leaves no room for the row
    public int row(long key, boolean insert) {
        int row = content.find(key);
        if (row != KeyIndex.ABSENT || !insert || key == DEFAULT_KEY) {
            return row; // absent and default are both row 0
        }
        row = admit(key);
        if (row != DEFAULT_ROW) {
            fill(row, key);
        }
        return row;
    }

    /// Gives `key`, which has none and is not the default key, a row of zeros, which [#fill(int, long)] fills; or the
    /// default row, where admission refuses it.
    int admit(long key) {
        if (first == null ? !admission.admits(key, step) : !first.isFrequent(key)) {
            refusedCount++;
            return DEFAULT_ROW;
        }
        return add(key);
    }

    /// As [#admit(long)] of a key that nothing refuses.
    int add(long key) {
        int row = content.index().add(key, memory);
        rows.ensure(row, memory);
        note(row, step);
        return row;
    }

    /// Makes this table that of the further columns of another: keys have rows here once they are frequent there, and
    /// as long as they have rows there; rows begin at zero, and the default row stays zero.
    void extend(EmbeddingTable firstColumns) {
        first = firstColumns;
    }

    /// Whether it holds the further columns of another.
    boolean isFurther() {
        return first != null;
    }

    /// Whether the step in progress sees a key that has a row at least as often as makes its row wide.
    private boolean isFrequent(long key) {
        int row = content.find(key);
        return row != KeyIndex.ABSENT
                && Native.getInt(rows.counts().at(row)) + 1
                        >= tableSpec.widths().threshold();
    }

    /// Writes the initial weights of a new row. Any number of threads, each with rows of its own.
    void fill(int row, long key) {
        if (first != null) {
            return;
        }
        int mean = content.hashing().initialMean(key);
        InitialWeights.fill(content.rows().at(row), content.layout(), seed, key, mean, spec.initialScale());
    }

    /// Gives `key`, which has no row, one with these weights, whatever admission says.
    ///
    /// @param weights [D]
    /// @return false, and nothing is changed, where it has one or is the default key
    public boolean put(long key, FloatBuffer weights) {
        if (key == DEFAULT_KEY || content.find(key) != KeyIndex.ABSENT) {
            return false;
        }
        long row = content.rows().at(add(key));
        for (int column = 0; column < dimension(); column++) {
            StoredNumber.put(storage(), row, column, weights.get(weights.position() + column));
        }
        return true;
    }

    /// Lets all rows begin anew: initial weights, an empty optimizer state, a default row of zeros.
    public void reset(long stepOver) {
        for (int row = 0; row <= lastRow(); row++) {
            rows.clear(row);
            if (hasKey(row)) {
                fill(row, content.index().keyOf(row));
                Native.putInt(rows.touched().at(row), (int) stepOver);
            }
        }
        Native.putInt(rows.touched().at(DEFAULT_ROW), (int) stepOver);
        touchedRows.forEach(noted -> noted.noteAll(lastRow() + 1));
    }

    /// The D weights of a row, for reading: as they are and as they become where they are stored as floats, a copy
    /// where they are not.
    public FloatBuffer weights(int row) {
        if (row < 0 || row > lastRow()) {
            throw new IndexOutOfBoundsException("table '%s': row %d of %d".formatted(name(), row, lastRow()));
        }
        return content.weights(row); // [D]
    }

    /// Visits the default row, then all others in their order.
    public void forEachRow(RowVisitor visitor) {
        content.forEachRow(visitor);
    }

    /// Visits the rows updated or given to a key after `step`, in their order; after 0, all rows but those that
    /// only a file of initial rows gave. Reads the step of every row.
    public void touchedSince(long since, RowVisitor visitor) {
        for (int row = 0; row <= lastRow(); row++) {
            if (touchedStep(row) > since && (row == DEFAULT_ROW || hasKey(row))) {
                visitor.visit(content.index().keyOf(row), content.weights(row));
            }
        }
    }

    /// The keys whose rows were given up after `since` and that have none now: a consumer that holds their rows must
    /// drop them. A key may come more than once.
    public void evictedSince(long since, LongConsumer consumer) {
        tombstones.since(since, key -> {
            if (content.find(key) == KeyIndex.ABSENT) {
                consumer.accept(key);
            }
        });
    }

    /// Forgets the keys that were evicted up to `upTo`, which no consumer will ask for any more.
    public void forgetEvicted(long upTo) {
        tombstones.forget(upTo);
    }

    /// Gives up rows as the spec says: those that expired, then what is above its size.
    ///
    /// @param stepOver the step that is over; no batch waits for its update
    /// @param now the time of it
    public void evict(long stepOver, Instant now) {
        if (first != null) {
            expiredCount += Eviction.follow(this, first, (int) stepOver);
            return;
        }
        note(stepOver, now);
        expiredCount += tableSpec.expiry() == null ? 0 : Eviction.expire(this, (int) stepOver, now);
        trimmedCount += tableSpec.trim() == null ? 0 : Eviction.trim(this, (int) stepOver);
    }

    /// Steps from one time that rows are given up to the next, null for epochs alone.
    Integer evictEvery() {
        return first == null ? tableSpec.evictEvery() : first.evictEvery();
    }

    /// Notes when a step was over, where expiry by time will ask. To be called now and then between evictions.
    public void note(long stepOver, Instant now) {
        if (tableSpec.expiry() != null && tableSpec.expiry().days() != null) {
            times.note((int) stepOver, now, tableSpec.expiry().age());
        }
    }

    /// What has happened to its rows.
    public TableTally tally() {
        return new TableTally(lookupCount, refusedCount, expiredCount, trimmedCount);
    }

    /// Off-heap memory and the directory of the index, in bytes.
    public long size() {
        return memory.size() + content.index().directorySize();
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
        memory.close();
    }

    void countLookups(long count) {
        lookupCount += count;
    }

    void countUnknown(long count) {
        unknownCount += count;
    }

    /// Begins to gather for a step.
    void begin(int newStep) {
        step = newStep;
    }

    void restore(TableTally tally) {
        lookupCount = tally.lookupCount();
        refusedCount = tally.refusedCount();
        expiredCount = tally.expiredCount();
        trimmedCount = tally.trimmedCount();
    }

    /// Whether updates move the default row.
    boolean defaultRowLearns() {
        return first == null && (spec.unknownShare() > 0 || !admission.admitsAll());
    }

    boolean hasKey(int row) {
        return content.index().keyOf(row) != 0;
    }

    int touchedStep(int row) {
        return Native.getInt(rows.touched().at(row));
    }

    /// The highest row that ever had a key.
    int lastRow() {
        return content.index().lastRow();
    }

    /// Gives up a row that has a key.
    void evict(int row, int stepOver) {
        tombstones.add(content.index().keyOf(row), stepOver, memory);
        content.index().remove(row);
        rows.clear(row);
        note(row, stepOver); // an increment tells it too
        if (rows.counts() != null) {
            Native.putInt(rows.counts().at(row), 0);
        }
    }

    /// Notes in `noted` which rows are touched from now on, so that nobody needs to read the steps of all.
    void noteTouched(TouchedRows noted) {
        touchedRows.add(noted);
    }

    /// Notes no more there.
    void endNoting(TouchedRows noted) {
        touchedRows.remove(noted);
    }

    /// Tells that rows `from` to before `to` of `of` were updated.
    void noteUpdated(int[] of, int from, int to) {
        touchedRows.forEach(noted -> noted.note(of, from, to));
    }

    private void note(int row, int touchedStep) {
        Native.putInt(rows.touched().at(row), touchedStep);
        touchedRows.forEach(noted -> noted.note(row));
    }

    TableContent content() {
        return content;
    }

    LearningRows rows() {
        return rows;
    }

    StepTimes times() {
        return times;
    }

    Tombstones tombstones() {
        return tombstones;
    }

    Admission admission() {
        return admission;
    }

    TableMemory memory() {
        return memory;
    }

    EmbeddingSpec spec() {
        return spec;
    }

    TableSpec tableSpec() {
        return tableSpec;
    }

    long seed() {
        return seed;
    }
}
