package io.github.corymb.embedding;

import io.github.corymb.feature.Batch;
import io.github.corymb.feature.Field;
import io.github.corymb.feature.InputException;
import io.github.corymb.feature.KeyLists;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;

/// All tables of a schema as a folder holds them, for predicting and serving. Any number of threads may gather
/// at once, each with a batch and a leaf of its own. Whoever opened it closes it, after the last gather has
/// ended.
public final class FrozenTables implements EmbeddingLookup {

    /// Bytes of a table's file up to which it is copied. To map so little wins nothing, and whoever reads a map has to
    /// fear that the file is cut short.
    public static final long COPIED_SIZE_LIMIT = 512 << 10;

    private final FieldLayout layout;
    private final List<FieldLayout.Columns> columns; // of the fields
    private final Arena arena;
    private final List<FrozenTable> tables;
    private final List<TableContent> contents; // of the tables
    private final ConcurrentLinkedQueue<Space> idle = new ConcurrentLinkedQueue<>();
    private final RowKernel kernel = RowKernel.best();
    private final LongAdder unknownCount = new LongAdder();

    private FrozenTables(FieldLayout layout, Arena arena, List<FrozenTable> tables) {
        this.layout = layout;
        columns = layout.columnsOfFields();
        this.arena = arena;
        this.tables = tables;
        contents = tables.stream().map(FrozenTable::content).toList();
    }

    /// What one gather has for itself, and leaves to the next.
    private static final class Space {

        private final HashedFields hashed;
        private final RowPooling pooling;
        private int[] rowOfLookup = {};

        Space(HashedFields hashed, RowPooling pooling) {
            this.hashed = hashed;
            this.pooling = pooling;
        }

        int[] rowOfLookup(int count) {
            if (count > rowOfLookup.length) {
                rowOfLookup = new int[Math.max(count, 2 * rowOfLookup.length)];
            }
            return rowOfLookup;
        }
    }

    /// Maps or, where they are small, copies the tables that [EmbeddingTables#write(Path, boolean)] or
    /// [#write(Path, Storage)] left in `folder`. Of the others it reads heads and directories, some 50 bytes for two
    /// thousand keys; neither rows nor pages, so that damage in those is found by [#verify()] alone.
    ///
    /// @throws io.github.corymb.feature.InputException if a file is missing, too short or too long, of another
    ///     format version, or not the table of these fields
    @SuppressWarnings("MustBeClosedChecker") // closed by close()
    public static FrozenTables open(Path folder, List<Field> fields) throws IOException {
        FieldLayout layout = layout(folder, fields);
        Arena arena = Arena.ofShared();
        try {
            List<FrozenTable> tables = new ArrayList<>();
            for (FieldLayout.TableShape shape : layout.tables()) {
                tables.add(FrozenTable.open(folder, shape, arena));
            }
            return new FrozenTables(layout, arena, List.copyOf(tables));
        } catch (IOException | RuntimeException fault) {
            arena.close();
            throw fault;
        }
    }

    /// Where a table's further columns have a file of their own, its rows have two widths.
    private static FieldLayout layout(Path folder, List<Field> fields) throws IOException {
        Map<String, Integer> further = new HashMap<>();
        for (Field field : fields) {
            String name = WidthsSpec.further(field.table());
            if (fields.stream().noneMatch(other -> other.table().equals(name))) {
                int dimension = TableFile.dimension(folder, name);
                if (dimension >= field.dimension()) {
                    throw new InputException("%s: expected a dimension below %d, found %d"
                            .formatted(TableFile.path(folder, name), field.dimension(), dimension));
                }
                further.put(field.table(), dimension);
            }
        }
        return FieldLayout.of(fields, field -> {
            int dimension = further.getOrDefault(field.table(), 0);
            return dimension == 0 ? 0 : field.dimension() - dimension;
        });
    }

    @Override
    public int width() {
        return layout.width();
    }

    /// In order of their first field. Where rows have two widths, the further columns are a table of their own, named
    /// as [WidthsSpec] says, right behind that of the first.
    public List<FrozenTable> tables() {
        return tables;
    }

    @Override
    public void gather(Batch batch, FloatBuffer leaf) {
        layout.check(batch);
        try {
            gather(batch, layout.segment(leaf, batch.rowCount()).address());
        } finally {
            Reference.reachabilityFence(leaf);
        }
    }

    /// The same, with each field in a buffer of its own.
    ///
    /// @param targets a field's [B, D] each, direct, in native byte order, in the order of the fields
    public void gather(Batch batch, List<FloatBuffer> targets) {
        layout.check(batch);
        for (int f = 0; f < columns.size(); f++) {
            columns.get(f).check(targets.get(f), batch.rowCount());
        }
        try {
            gather(
                    batch,
                    place -> MemorySegment.ofBuffer(targets.get(place.source())).address()
                            + 4L * (place.column() - columns.get(place.source()).first()),
                    place -> 4L * columns.get(place.source()).count());
        } finally {
            Reference.reachabilityFence(targets);
        }
    }

    /// How many keys of each field no table has a row for. Nothing is pooled, and [#unknownCount()] stays as it is.
    public long[] unknownCounts(Batch batch) {
        layout.check(batch);
        long[] counts = new long[batch.fields().size()];
        Space space = newSpace();
        List<KeyLists> fields = space.hashed.of(batch);
        for (int f = 0; f < layout.places().size(); f++) {
            FieldLayout.Place place = layout.places().get(f);
            if (!layout.tables().get(place.table()).isFurther()) {
                int keyCount = fields.get(f).keyCount();
                counts[place.source()] += space.pooling.find(
                        contents.get(place.table()), fields.get(f).keys(), 0, keyCount, space.rowOfLookup(keyCount));
            }
        }
        return counts;
    }

    private Space newSpace() {
        return new Space(new HashedFields(layout, contents), new RowPooling(kernel));
    }

    private void gather(Batch batch, long target) { // [B, ΣD]
        gather(batch, place -> target + place.columnOffset(), _ -> layout.rowSize());
    }

    /// @param target where a place's first row goes
    /// @param rowSize bytes from a place's row to the next
    private void gather(
            Batch batch, ToLongFunction<FieldLayout.Place> target, ToLongFunction<FieldLayout.Place> rowSize) {
        Space known = idle.poll();
        Space space = known == null ? newSpace() : known;
        try {
            gather(batch, space, target, rowSize);
        } finally {
            idle.add(space);
        }
    }

    private void gather(
            Batch batch,
            Space space,
            ToLongFunction<FieldLayout.Place> target,
            ToLongFunction<FieldLayout.Place> rowSize) {
        List<KeyLists> fields = space.hashed.of(batch);
        for (int f = 0; f < layout.places().size(); f++) {
            FieldLayout.Place place = layout.places().get(f);
            KeyLists lists = fields.get(f);
            TableContent table = contents.get(place.table());
            int[] rowOfLookup = space.rowOfLookup(lists.keyCount());
            long unknown = space.pooling.find(table, lists.keys(), 0, lists.keyCount(), rowOfLookup);
            if (unknown > 0 && !layout.tables().get(place.table()).isFurther()) {
                unknownCount.add(unknown);
            }
            space.pooling.gather(
                    table,
                    place.field().pooling(),
                    lists.offsets(),
                    0,
                    batch.rowCount(),
                    rowOfLookup,
                    0,
                    target.applyAsLong(place),
                    rowSize.applyAsLong(place));
        }
    }

    @Override
    public long unknownCount() {
        return unknownCount.sum();
    }

    /// Writes each table to a file of `folder`, another one, which exists: for looking up alone, in a storage of
    /// choice, as [Storage] says. What is in that storage already is copied as it is.
    ///
    /// @throws io.github.corymb.feature.InputException where a weight is not finite and the storage needs it to be
    public void write(Path folder, Storage storage) throws IOException {
        for (FrozenTable table : tables) {
            table.toServe(storage).write(TableFile.path(folder, table.name()));
        }
        TablesSnapshot.force(folder);
    }

    /// Reads every file whole.
    ///
    /// @throws io.github.corymb.feature.InputException if one is not what was written
    public void verify() {
        tables.forEach(FrozenTable::verify);
    }

    @Override
    public void close() {
        arena.close();
    }
}
