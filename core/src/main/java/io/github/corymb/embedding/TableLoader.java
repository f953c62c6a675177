package io.github.corymb.embedding;

import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Reads a table's file, and the increments over it, back into memory of its own, to go on learning.
final class TableLoader {

    /// A table and the step of its last update.
    record Loaded(EmbeddingTable table, long step) {}

    /// All tables of a folder and the step of their last update.
    record LoadedTables(List<EmbeddingTable> tables, long step) {}

    private final FieldLayout.TableShape shape;
    private final EmbeddingSpec spec;
    private final TableSpecs specs;
    private final long seed;
    private final RowLayout layout;
    private final Hashing hashing;

    TableLoader(FieldLayout.TableShape shape, EmbeddingSpec spec, TableSpecs specs, long seed) {
        this.shape = shape;
        this.spec = spec;
        this.specs = specs;
        this.seed = seed;
        hashing = Hashing.of(specs.of(shape.name()).hashing());
        layout = RowLayout.of(shape.dimension(), specs.storage(shape.name()), spec);
    }

    /// All tables of a layout, as [#load(Path, List)] does one. They are of one step.
    static LoadedTables loadAll(
            Path folder, List<Path> increments, FieldLayout layout, EmbeddingSpec spec, TableSpecs specs, long seed)
            throws IOException {
        List<EmbeddingTable> tables = new ArrayList<>();
        long step = 0;
        try {
            for (FieldLayout.TableShape shape : layout.tables()) {
                Loaded loaded = new TableLoader(shape, spec, specs, seed).load(folder, increments);
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
        return new LoadedTables(List.copyOf(tables), step);
    }

    /// Every block of a file is compared with its checksum before any of it is taken.
    ///
    /// @param increments folders, each of which goes on from the step of the one before
    Loaded load(Path folder, List<Path> increments) throws IOException {
        TableMemory memory = specs.memory(shape.name());
        try (Arena mapping = Arena.ofConfined()) {
            TableFile base = open(folder, mapping);
            base.requireFull();
            LearningRows rows = new LearningRows(layout, specs.of(shape.name()).countsUpdates());
            for (int block = 0; block < base.header().rowBlockCount(); block++) {
                take(base, block, null, rows, memory);
            }
            TableFile newest = base;
            for (Path increment : increments) {
                TableFile file = open(increment, mapping);
                checkFollows(newest, file);
                int[] numbers = file.last(BlockDirectory.Last.ROWS).toArray(ValueLayout.JAVA_INT);
                for (int block = 0; block < file.header().rowBlockCount(); block++) {
                    take(file, block, numbers, rows, memory);
                }
                newest = file;
            }
            KeyIndex index = increments.isEmpty()
                    ? copyIndex(base, rows.keys(), memory)
                    : KeyIndex.of(rows.keys(), newest.header().rowCount() - 1, memory);
            TableContent content = new TableContent(shape.name(), layout, hashing, index, rows.bodies());
            EmbeddingTable table = new EmbeddingTable(content, rows, spec, specs.of(shape.name()), seed, memory);
            takeSmall(newest, table);
            return new Loaded(table, newest.header().step());
        } catch (IOException | RuntimeException | OutOfMemoryError fault) {
            memory.close();
            throw fault;
        }
    }

    /// Takes the rows of a block: of these numbers, or all in their order where there are none.
    private static void take(TableFile file, int block, int[] numbers, LearningRows rows, TableMemory memory) {
        TableHeader header = file.header();
        RowBlock places = header.rowBlock(block);
        MemorySegment bytes = file.block(block);
        long from = bytes.address();
        long stateAt = header.layout().stateAt();
        for (int index = 0; index < places.rowCount(); index++) {
            int place = (block << Slabs.SHIFT) + index;
            int row = numbers == null ? place : numbers[place];
            rows.ensure(row, memory);
            Native.putLong(rows.keys().at(row), Native.getLong(from + places.keysAt() + 8L * index));
            if (header.withState()) {
                Native.putInt(rows.touched().at(row), Native.getInt(from + places.touchedAt() + 4L * index));
            }
            if (rows.counts() != null) {
                long at = from + places.countsAt() + 4L * index;
                Native.putInt(rows.counts().at(row), header.withCounts() ? Native.getInt(at) : 0);
            }
            long source = from + places.rowsAt() + index * places.rowSize();
            Native.copy(source, rows.bodies().at(row), stateAt);
            Native.copy(source + stateAt, rows.states().at(row), places.rowSize() - stateAt);
        }
    }

    private TableFile open(Path folder, Arena mapping) throws IOException {
        TableFile file = TableFile.open(folder, shape, mapping);
        TableHeader header = file.header();
        if (header.seed() != Mix.mix(seed, shape.name())) {
            throw new InputException(file.path() + ": expected the seed of this experiment, found another");
        }
        if (header.withState() && !header.optimizer().equals(spec.optimizerName())) {
            throw new InputException("%s: expected the state of optimizer '%s', found '%s'"
                    .formatted(file.path(), spec.optimizerName(), header.optimizer()));
        }
        if (header.layout().storage() != layout.storage()) {
            throw new InputException("%s: storage: expected %s, found %s"
                    .formatted(file.path(), layout.storage(), header.layout().storage()));
        }
        if (!header.hashing().equals(hashing)) {
            throw new InputException(
                    "%s: hashing: expected %s, found %s".formatted(file.path(), hashing, header.hashing()));
        }
        RowLayout expected = header.withState() ? layout : layout.withoutState();
        if (!header.layout().equals(expected)) {
            throw TableHeader.damaged(
                    file.path(),
                    "its rows have %d bytes instead of %d"
                            .formatted(header.layout().rowSize(), expected.rowSize()));
        }
        file.verify();
        return file;
    }

    private static void checkFollows(TableFile before, TableFile increment) {
        TableHeader header = increment.header();
        if (!header.isIncrement() || header.since() != before.header().step()) {
            throw new InputException("%s: expected an increment since step %d, as %s has, found %s"
                    .formatted(
                            increment.path(),
                            before.header().step(),
                            before.path(),
                            header.isIncrement() ? "one since step " + header.since() : "a full table"));
        }
        if (!before.header().withState()) {
            throw new InputException(
                    before.path() + ": expected the optimizer's state below an increment, found a table without");
        }
    }

    private static KeyIndex copyIndex(TableFile file, Slabs keys, TableMemory memory) {
        KeyIndex.PageInfo[] infos = file.pageInfos();
        long[] pages = new long[infos.length];
        for (int page = 0; page < pages.length; page++) {
            pages[page] =
                    memory.allocate(KeyPage.SIZE).copyFrom(file.page(page)).address();
        }
        return new KeyIndex(keys, file.header().rowCount() - 1, file.header().keyCount(), pages, infos);
    }

    /// What is not a row. Counts of keys without rows are taken where the admission still is as it was.
    private static void takeSmall(TableFile file, EmbeddingTable table) {
        TableHeader header = file.header();
        table.restore(header.tally());
        StepList.read(
                file.last(BlockDirectory.Last.EVICTED),
                (key, step) -> table.tombstones().add(key, step, table.memory()));
        StepList.read(file.last(BlockDirectory.Last.TIMES), table.times()::restore);
        CountingSketch sketch = table.admission().sketch();
        MemorySegment counters = file.last(BlockDirectory.Last.SKETCH);
        if (sketch != null
                && header.sketchSegmentCount() == sketch.segmentCount()
                && counters.byteSize() == sketch.counters().byteSize()) {
            sketch.restore(counters, header.sketchNewest(), header.sketchSightings());
        }
    }
}
