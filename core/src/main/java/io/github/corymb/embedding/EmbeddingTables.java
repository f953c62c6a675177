package io.github.corymb.embedding;

import io.github.corymb.feature.Batch;
import io.github.corymb.feature.Field;
import io.github.corymb.feature.InputException;
import io.github.corymb.feature.KeyLists;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// All tables of a schema while they learn. A training step is [#gather(Batch, FloatBuffer, boolean)] with
/// `true`, the model's own work, and [#update(FloatBuffer, double, long)] with the gradient of what was
/// gathered.
///
/// Sums over duplicates run in the order of fields, rows and keys, so equal input gives equal bits. One thread
/// at a time. Whoever made it closes it.
public final class EmbeddingTables implements EmbeddingLookup {

    private final FieldLayout layout;
    private final EmbeddingSpec spec;
    private final List<EmbeddingTable> tables;
    private final RowKernel kernel;
    private final long unknownSeed;
    private long step; // of the last update

    private final List<StepRows> stepRows; // by table
    private final int[][] stepOffsets; // [F][B + 1] offsets of the batch gathered last
    private final int[] stepFirstLookup; // [F]
    private int stepRowCount = -1; // B of the batch gathered last, -1 once it is used
    private int[] rowOfLookup = new int[0]; // of one field, when nothing is inserted
    private final Arena arena; // of the sums; what they outgrow stays until the end, less than they are themselves
    private MemorySegment sums = MemorySegment.NULL; // [distinct, D] of one table

    /// Empty tables.
    ///
    /// @param fields in the order of the batch and of the leaf's columns; those that share a table share its
    ///     dimension
    /// @throws IllegalArgumentException if they do not
    public EmbeddingTables(List<Field> fields, EmbeddingSpec spec, long seed) {
        this(fields, spec, TableSpecs.standard(), seed);
    }

    /// Empty tables.
    ///
    /// @param fields in the order of the batch and of the leaf's columns; those that share a table share its
    ///     dimension
    /// @param specs how the rows of each table come and go
    /// @throws IllegalArgumentException if they do not
    public EmbeddingTables(List<Field> fields, EmbeddingSpec spec, TableSpecs specs, long seed) {
        this(FieldLayout.of(fields), spec, seed, 0, empty(fields, spec, specs, seed), RowKernel.best());
    }

    @SuppressWarnings("MustBeClosedChecker") // closed by close()
    EmbeddingTables(
            FieldLayout layout,
            EmbeddingSpec spec,
            long seed,
            long step,
            List<EmbeddingTable> tables,
            RowKernel kernel) {
        this.layout = layout;
        this.spec = spec;
        this.step = step;
        this.unknownSeed = Mix.mix(seed, "unknown_share");
        this.tables = tables;
        this.kernel = kernel;
        this.arena = Arena.ofShared();
        stepRows = tables.stream().map(_ -> new StepRows()).toList();
        stepOffsets = new int[layout.places().size()][0];
        stepFirstLookup = new int[layout.places().size()];
    }

    /// The tables that [#write(Path, boolean)] left in `folder`, to go on learning. With optimizer state they
    /// go on to the bit as if they had never been written; without, the optimizer starts anew, and may be
    /// another.
    ///
    /// @param fields as the tables were made for
    /// @param seed as the tables were made with
    /// @throws io.github.corymb.feature.InputException if a file is missing, damaged, of another format
    ///     version, or not the table of these fields, this optimizer and this seed
    public static EmbeddingTables open(Path folder, List<Field> fields, EmbeddingSpec spec, long seed)
            throws IOException {
        return open(folder, List.of(), fields, spec, TableSpecs.standard(), seed);
    }

    /// The tables that [#write(Path, boolean)] left in `folder`, with what [#writeIncrement(Path, long)] left in
    /// others laid over them.
    ///
    /// @param increments folders, each of which goes on from the step of the one before
    /// @param specs how the rows of each table come and go, from now on
    /// @throws io.github.corymb.feature.InputException also if an increment does not follow
    public static EmbeddingTables open(
            Path folder, List<Path> increments, List<Field> fields, EmbeddingSpec spec, TableSpecs specs, long seed)
            throws IOException {
        FieldLayout layout = FieldLayout.of(fields);
        List<EmbeddingTable> tables = new ArrayList<>();
        long step = 0;
        try {
            for (FieldLayout.TableShape shape : layout.tables()) {
                TableLoader.Loaded loaded = new TableLoader(shape, spec, specs, seed).load(folder, increments);
                tables.add(loaded.table());
                if (tables.size() > 1 && loaded.step() != step) {
                    throw new InputException("%s: expected step %d as the tables before, found %d"
                            .formatted(TableFile.path(folder, shape.name()), step, loaded.step()));
                }
                step = loaded.step();
            }
        } catch (IOException | RuntimeException | OutOfMemoryError fault) {
            tables.forEach(EmbeddingTable::close);
            throw fault;
        }
        return new EmbeddingTables(layout, spec, seed, step, List.copyOf(tables), RowKernel.best());
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

    /// Begins to write each table to a file of `folder`, which exists, while they learn on.
    ///
    /// @param withOptimizerState whether to go on learning from it, or only to look up
    public TablesSnapshot snapshot(Path folder, boolean withOptimizerState) throws IOException {
        checkBetweenSteps();
        return new TablesSnapshot(this, folder, withOptimizerState);
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
            Integer every = table.tableSpec().evictEvery();
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
            for (FieldLayout.TableShape shape : FieldLayout.of(fields).tables()) {
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

    /// In order of their first field.
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
        if (training) {
            gatherForUpdate(batch, leaf);
        } else {
            gather(batch, leaf);
        }
    }

    @Override
    public void gather(Batch batch, FloatBuffer leaf) {
        layout.check(batch);
        MemorySegment target = layout.segment(leaf, batch.rowCount()); // [B, ΣD]
        for (int f = 0; f < layout.places().size(); f++) {
            KeyLists lists = batch.fields().get(f);
            EmbeddingTable table = tables.get(layout.places().get(f).table());
            if (rowOfLookup.length < lists.keyCount()) {
                rowOfLookup = new int[lists.keyCount() * 2];
            }
            table.countUnknown(RowPooling.find(table.content(), lists, rowOfLookup));
            pool(f, lists.offsets(), batch.rowCount(), rowOfLookup, 0, target);
        }
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
        MemorySegment source = layout.segment(gradient, stepRowCount); // [B, ΣD]
        for (int t = 0; t < tables.size(); t++) {
            EmbeddingTable table = tables.get(t);
            StepRows distinct = stepRows.get(t);
            clearSums(4L * distinct.distinctCount() * table.dimension());
            for (int f = 0; f < stepOffsets.length; f++) {
                if (layout.places().get(f).table() == t) {
                    scatter(f, distinct, source);
                }
            }
            RowUpdate.apply(kernel, table, distinct, sums, rateScale, (int) step);
        }
        this.step = step;
        stepRowCount = -1;
    }

    @Override
    public void close() {
        tables.forEach(EmbeddingTable::close);
        arena.close();
    }

    private void gatherForUpdate(Batch batch, FloatBuffer leaf) {
        layout.check(batch);
        MemorySegment target = layout.segment(leaf, batch.rowCount()); // [B, ΣD]
        for (int t = 0; t < tables.size(); t++) {
            int lookupCount = 0;
            for (int f = 0; f < stepOffsets.length; f++) {
                lookupCount += layout.places().get(f).table() == t
                        ? batch.fields().get(f).keyCount()
                        : 0;
            }
            stepRows.get(t).reset(lookupCount);
            tables.get(t).begin((int) step + 1);
        }
        long seed = Mix.mix(unknownSeed, step + 1);
        for (int f = 0; f < stepOffsets.length; f++) {
            KeyLists lists = batch.fields().get(f);
            int t = layout.places().get(f).table();
            StepRows distinct = stepRows.get(t);
            int first = distinct.add(lists, tables.get(t), spec.unknownShare(), Mix.mix(seed, f));
            if (stepOffsets[f].length <= batch.rowCount()) {
                stepOffsets[f] = new int[batch.rowCount() + 1];
            }
            System.arraycopy(lists.offsets(), 0, stepOffsets[f], 0, batch.rowCount() + 1);
            stepFirstLookup[f] = first;
            pool(f, stepOffsets[f], batch.rowCount(), distinct.rowOfLookup(), first, target);
        }
        stepRowCount = batch.rowCount();
    }

    private void pool(int f, int[] offsets, int rowCount, int[] rowOfLookup, int first, MemorySegment leaf) {
        FieldLayout.Place place = layout.places().get(f);
        RowPooling.gather(
                kernel,
                tables.get(place.table()).content(),
                place.field().pooling(),
                offsets,
                rowCount,
                rowOfLookup,
                first,
                leaf,
                place.columnOffset(),
                layout.rowSize());
    }

    private void scatter(int f, StepRows distinct, MemorySegment gradient) {
        FieldLayout.Place place = layout.places().get(f);
        RowPooling.scatter(
                kernel,
                place.field().dimension(),
                place.field().pooling(),
                stepOffsets[f],
                stepRowCount,
                distinct.indexOfLookup(),
                stepFirstLookup[f],
                gradient,
                place.columnOffset(),
                layout.rowSize(),
                sums);
    }

    /// Makes the first `size` bytes of the sums zero.
    private void clearSums(long size) {
        if (sums.byteSize() < size) {
            sums = arena.allocate(2 * size, Slabs.ALIGNMENT);
        } else {
            sums.asSlice(0, size).fill((byte) 0);
        }
    }
}
