package io.github.corymb.embedding;

import io.github.corymb.feature.Batch;
import io.github.corymb.feature.Field;
import io.github.corymb.feature.KeyLists;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// All tables of a schema while they learn. A training step is [#gather(Batch, FloatBuffer, boolean)] with
/// `true`, the model's own work, and [#update(FloatBuffer, double, long)] with the gradient of what was
/// gathered.
///
/// Sums over duplicates run in the order of fields, rows and keys, and rows are numbered in the order of arrival, so
/// equal input gives equal bits, whatever the number of threads. Those are its own; the caller is one of them. One
/// caller at a time. Whoever made it closes it.
public final class EmbeddingTables implements EmbeddingLookup {

    private static final int BLOCK_ROWS = 128; // of the batch that one unit pools

    private final FieldLayout layout;
    private final List<EmbeddingTable> tables;
    private final RowKernel kernel;
    private final long unknownSeed;
    private long step; // of the last update

    private final Workers workers;
    private final StepRows stepRows;
    private int stepRowCount = -1; // B of the batch gathered last, -1 once it is used
    private final List<RowPooling> poolings; // [workers]
    private final int[][] rowOfLookup; // [workers] of one field and block of rows, when nothing is inserted
    private final Arena arena; // of the scratch
    private final List<Scratch> scratch; // [workers]
    private final List<ReadAhead> aheads; // [workers]
    private final HashedFields hashedFields; // of batches that are only looked up
    private final HashedFields trainingFields;
    private List<KeyLists> stepFields = List.of(); // of the batch gathered last for training
    private final ComposedGradients composedGradients;
    private final Scratch side; // for those

    /// Empty tables.
    ///
    /// @param fields in the order of the batch and of the leaf's columns; those that share a table share its
    ///     dimension
    /// @param threadCount that gather and update, the caller among them, at least 1
    /// @throws IllegalArgumentException if they do not
    public EmbeddingTables(List<Field> fields, EmbeddingSpec spec, long seed, int threadCount) {
        this(fields, spec, TableSpecs.standard(), seed, threadCount);
    }

    /// Empty tables.
    ///
    /// @param fields in the order of the batch and of the leaf's columns; those that share a table share its
    ///     dimension
    /// @param specs how the rows of each table come and go
    /// @param threadCount that gather and update, the caller among them, at least 1
    /// @throws IllegalArgumentException if they do not
    public EmbeddingTables(List<Field> fields, EmbeddingSpec spec, TableSpecs specs, long seed, int threadCount) {
        List<EmbeddingTable> none = empty(fields, spec, specs, seed);
        this(FieldLayout.of(fields, specs), spec, seed, 0, none, RowKernel.best(), threadCount);
    }

    @SuppressWarnings("MustBeClosedChecker") // closed by close()
    EmbeddingTables(
            FieldLayout layout,
            EmbeddingSpec spec,
            long seed,
            long step,
            List<EmbeddingTable> tables,
            RowKernel kernel,
            int threadCount) {
        this.layout = layout;
        this.step = step;
        this.unknownSeed = Mix.mix(seed, "unknown_share");
        this.tables = tables;
        layout.extend(tables);
        this.kernel = kernel;
        this.arena = Arena.ofShared();
        this.workers = new Workers(threadCount);
        aheads = Stream.generate(ReadAhead::new).limit(threadCount).toList();
        stepRows = new StepRows(layout, tables, spec.unknownShare(), aheads);
        poolings =
                Stream.generate(() -> new RowPooling(kernel)).limit(threadCount).toList();
        rowOfLookup = new int[threadCount][0];
        scratch = Stream.generate(() -> new Scratch(arena)).limit(threadCount).toList();
        List<TableContent> contents =
                tables.stream().map(EmbeddingTable::content).toList();
        hashedFields = new HashedFields(layout, contents);
        trainingFields = new HashedFields(layout, contents);
        composedGradients = new ComposedGradients(layout, tables, kernel);
        side = new Scratch(arena);
    }

    /// The tables that [#write(Path, boolean)] left in `folder`, to go on learning. With optimizer state they
    /// go on to the bit as if they had never been written; without, the optimizer starts anew, and may be
    /// another.
    ///
    /// @param fields as the tables were made for
    /// @param seed as the tables were made with
    /// @param threadCount that gather and update, as many as now are wanted
    /// @throws io.github.corymb.feature.InputException if a file is missing, damaged, of another format
    ///     version, or not the table of these fields, this optimizer and this seed
    public static EmbeddingTables open(Path folder, List<Field> fields, EmbeddingSpec spec, long seed, int threadCount)
            throws IOException {
        return open(folder, List.of(), fields, spec, TableSpecs.standard(), seed, threadCount);
    }

    /// The tables that [#write(Path, boolean)] left in `folder`, with what [#writeIncrement(Path, long)] left in
    /// others laid over them.
    ///
    /// @param increments folders, each of which goes on from the step of the one before
    /// @param specs how the rows of each table come and go, from now on
    /// @throws io.github.corymb.feature.InputException also if an increment does not follow
    public static EmbeddingTables open(
            Path folder,
            List<Path> increments,
            List<Field> fields,
            EmbeddingSpec spec,
            TableSpecs specs,
            long seed,
            int threadCount)
            throws IOException {
        FieldLayout layout = FieldLayout.of(fields, specs);
        TableLoader.LoadedTables loaded = TableLoader.loadAll(folder, increments, layout, spec, specs, seed);
        return new EmbeddingTables(layout, spec, seed, loaded.step(), loaded.tables(), RowKernel.best(), threadCount);
    }

    /// Writes each table to a file of `folder`, which exists. A file that has its final name is whole and on
    /// the disk.
    ///
    /// @param withOptimizerState whether to go on learning from it, or only to look up
    public void write(Path folder, boolean withOptimizerState) throws IOException {
        for (EmbeddingTable table : tables) {
            TableSnapshot.write(TableFile.path(folder, table.name()), table, step, withOptimizerState);
        }
        TablesSnapshot.force(folder);
    }

    /// Writes each table to a file of `folder`, which exists, for looking up alone, as [FrozenTables#write(Path,
    /// Storage)] does.
    public void write(Path folder, Storage storage) throws IOException {
        for (EmbeddingTable table : tables) {
            TableHeader header = TableHeader.of(table, new RowCopy(table, false), step, false);
            new ServingFile(table.content(), header, storage).write(TableFile.path(folder, table.name()));
        }
        TablesSnapshot.force(folder);
    }

    /// Begins to write each table to a file of `folder`, which exists, while they learn on.
    ///
    /// @param withOptimizerState whether to go on learning from it, or only to look up
    public TablesSnapshot snapshot(Path folder, boolean withOptimizerState) throws IOException {
        checkBetweenSteps();
        return new TablesSnapshot(this, workers, folder, withOptimizerState);
    }

    /// Writes what changed since step `since` to files of `folder`, which exists: rows that were updated, given to
    /// a key or given up.
    public void writeIncrement(Path folder, long since) throws IOException {
        checkBetweenSteps();
        for (EmbeddingTable table : tables) {
            try (TableIncrement increment = new TableIncrement(table, since, step)) {
                increment.write(TableFile.path(folder, table.name()));
            }
        }
        TablesSnapshot.force(folder);
    }

    /// Drops the batch gathered last for training, whose update will not come. Keys that it gave a row keep it.
    public void skipUpdate() {
        stepRowCount = -1;
    }

    /// Gives up rows of all tables as their specs say, and notes the time of the step.
    ///
    /// @param endOfEpoch whether those that do so at the end of an epoch are to
    /// @param now when the last step was over
    public void evict(boolean endOfEpoch, Instant now) {
        checkBetweenSteps();
        for (EmbeddingTable table : tables) {
            Integer every = table.evictEvery();
            if (endOfEpoch || (every != null && step % every == 0)) {
                table.evict(step, now);
            } else {
                table.note(step, now);
            }
        }
    }

    /// Lets the rows of those tables begin anew that do so each epoch.
    public void beginEpoch() {
        checkBetweenSteps();
        for (EmbeddingTable table : tables) {
            if (table.tableSpec().resetEachEpoch()) {
                table.reset(step);
            }
        }
    }

    private void checkBetweenSteps() {
        if (stepRowCount >= 0) {
            throw new IllegalStateException("a batch gathered for training waits for its update");
        }
    }

    static List<EmbeddingTable> empty(List<Field> fields, EmbeddingSpec spec, TableSpecs specs, long seed) {
        List<EmbeddingTable> tables = new ArrayList<>();
        try {
            for (FieldLayout.TableShape shape : FieldLayout.of(fields, specs).tables()) {
                tables.add(new EmbeddingTable(shape.name(), shape.dimension(), spec, specs, seed));
            }
        } catch (RuntimeException | OutOfMemoryError fault) {
            tables.forEach(EmbeddingTable::close);
            throw fault;
        }
        return List.copyOf(tables);
    }

    @Override
    public int width() {
        return layout.width();
    }

    /// In order of their first field. Where rows have two widths, the further columns are a table of their own, named
    /// as [WidthsSpec] says, right behind that of the first.
    public List<EmbeddingTable> tables() {
        return tables;
    }

    /// The step of the last update, 0 before the first.
    public long step() {
        return step;
    }

    @Override
    public long unknownCount() {
        return tables.stream().mapToLong(EmbeddingTable::unknownCount).sum();
    }

    /// With `training`, gives keys without a row one and remembers the batch for the update; otherwise as
    /// [EmbeddingLookup#gather(Batch, FloatBuffer)], which changes no table and forgets no batch.
    public void gather(Batch batch, FloatBuffer leaf, boolean training) {
        layout.check(batch);
        long target = layout.segment(leaf, batch.rowCount()).address(); // [B, ΣD]
        try {
            if (training) {
                gatherForUpdate(batch, target);
            } else {
                gatherKnown(batch, target);
            }
        } finally {
            Reference.reachabilityFence(leaf);
        }
    }

    @Override
    public void gather(Batch batch, FloatBuffer leaf) {
        gather(batch, leaf, false);
    }

    /// Steps every row that the batch gathered last looked up, once, by the sum of its gradients.
    ///
    /// @param gradient [B, ΣD] of that batch after its position, direct and in native byte order; read in place
    /// @param rateScale factor of the learning rate, from the schedule
    /// @param step of the whole training: from 1, greater than that of the last update
    /// @throws IllegalStateException if no batch was gathered for training since the last update
    public void update(FloatBuffer gradient, double rateScale, long step) {
        if (stepRowCount < 0) {
            throw new IllegalStateException("update without a batch gathered for training");
        }
        if (step <= this.step || step > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("step: expected more than %d, found %d".formatted(this.step, step));
        }
        long source = layout.segment(gradient, stepRowCount).address(); // [B, ΣD]
        try {
            update(source, rateScale, (int) step);
        } finally {
            Reference.reachabilityFence(gradient);
        }
        this.step = step;
        stepRowCount = -1;
    }

    @Override
    public void close() {
        workers.close();
        tables.forEach(EmbeddingTable::close);
        arena.close();
    }

    private void gatherKnown(Batch batch, long leaf) {
        List<KeyLists> fields = hashedFields.of(batch);
        long[][] unknown = new long[workers.count()][tables.size()];
        workers.run(blockCount(batch), (block, worker) -> {
            int from = block * BLOCK_ROWS;
            int to = Math.min(batch.rowCount(), from + BLOCK_ROWS);
            for (int f = 0; f < layout.places().size(); f++) {
                KeyLists lists = fields.get(f);
                int first = lists.offsets()[from];
                int end = lists.offsets()[to];
                if (rowOfLookup[worker].length < end - first) {
                    rowOfLookup[worker] = new int[2 * (end - first)];
                }
                int t = layout.places().get(f).table();
                TableContent table = tables.get(t).content();
                RowPooling pooling = poolings.get(worker);
                unknown[worker][t] += pooling.find(table, lists.keys(), first, end, rowOfLookup[worker]);
                pool(pooling, f, lists.offsets(), from, to, rowOfLookup[worker], -first, leaf);
            }
        });
        for (long[] counts : unknown) {
            for (int t = 0; t < counts.length; t++) {
                tables.get(t).countUnknown(tables.get(t).isFurther() ? 0 : counts[t]);
            }
        }
    }

    private void gatherForUpdate(Batch batch, long leaf) {
        stepRowCount = -1;
        tables.forEach(table -> table.begin((int) step + 1));
        stepFields = trainingFields.of(batch);
        stepRows.reset(stepFields, batch.rowCount(), Mix.mix(unknownSeed, step + 1));
        workers.run(stepRows.unitCount(), (unit, _) -> stepRows.count(unit));
        stepRows.arrange();
        workers.run(stepRows.unitCount(), (unit, _) -> stepRows.sort(unit));
        workers.run(stepRows.partCount(), stepRows::find);
        if (stepRows.countNewKeys() > 0) {
            stepRows.insert();
            workers.run(stepRows.partCount(), (part, _) -> stepRows.fill(part));
        }
        workers.run(blockCount(batch), (block, worker) -> {
            int from = block * BLOCK_ROWS;
            int to = Math.min(batch.rowCount(), from + BLOCK_ROWS);
            for (int f = 0; f < layout.places().size(); f++) {
                int[] offsets = stepFields.get(f).offsets();
                pool(poolings.get(worker), f, offsets, from, to, stepRows.rowOfLookup(), stepRows.firstLookup(f), leaf);
            }
        });
        stepRowCount = batch.rowCount();
    }

    private void update(long gradient, double rateScale, int newStep) {
        List<RowUpdate> updates = tables.stream()
                .map(table -> new RowUpdate(kernel, table, rateScale, newStep))
                .toList();
        long scratchSize = 4L * RowUpdate.scratchLength(stepRows, layout.dimensionLimit());
        scratch.forEach(each -> each.ofSize(scratchSize));
        long composed = composedGradients.isNeeded() ? split(gradient) : gradient;
        workers.run(stepRows.partCount(), (part, worker) -> {
            int t = stepRows.tableOf(part);
            long source = tables.get(t).content().hashing().isComposed() ? composed : gradient;
            updates.get(t).apply(stepRows, part, source, scratch.get(worker).address(), aheads.get(worker));
        });
        workers.run(tables.size(), (t, worker) -> {
            long source = tables.get(t).content().hashing().isComposed() ? composed : gradient;
            updates.get(t).applyDefault(stepRows, t, source, scratch.get(worker).address());
        });
        stepRows.noteUpdates();
    }

    /// The gradients of single rows where two make one.
    private long split(long gradient) {
        long target = side.ofSize(4L * stepRows.sideLength());
        workers.run(Math.ceilDiv(stepRowCount, BLOCK_ROWS), (block, worker) -> {
            int from = block * BLOCK_ROWS;
            int to = Math.min(stepRowCount, from + BLOCK_ROWS);
            long spare = scratch.get(worker).address();
            composedGradients.split(stepRows, stepFields, from, to, gradient, target, spare);
        });
        return target;
    }

    private static int blockCount(Batch batch) {
        return Math.ceilDiv(batch.rowCount(), BLOCK_ROWS);
    }

    private void pool(
            RowPooling pooling, int f, int[] offsets, int from, int to, int[] rowOfLookup, int first, long leaf) {
        FieldLayout.Place place = layout.places().get(f);
        pooling.gather(
                tables.get(place.table()).content(),
                place.field().pooling(),
                offsets,
                from,
                to,
                rowOfLookup,
                first,
                leaf + place.columnOffset(),
                layout.rowSize());
    }
}
