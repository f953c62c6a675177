package io.github.corymb.embedding;

import io.github.corymb.embedding.TableHeader.Section;
import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// Reads a table's file back into memory of its own, to go on learning.
final class TableLoader {

    /// A table and the step of its last update.
    record Loaded(EmbeddingTable table, long step) {}

    private TableLoader() {}

    /// Every section is compared with its checksum before anything is allocated.
    @SuppressWarnings("MustBeClosedChecker") // closed by the table
    static Loaded load(Path folder, FieldLayout.TableShape shape, EmbeddingSpec spec, long seed) throws IOException {
        try (Arena mapping = Arena.ofConfined()) {
            TableFile file = TableFile.map(folder, shape, mapping);
            check(file, spec, Mix.mix(seed, shape.name()));
            file.verify();
            int[] pageKeyCounts = file.pageKeyCounts();
            Arena arena = new TableArena();
            try {
                return new Loaded(
                        copy(file, spec, seed, pageKeyCounts, arena),
                        file.header().step());
            } catch (RuntimeException | OutOfMemoryError fault) {
                arena.close();
                throw fault;
            }
        }
    }

    private static void check(TableFile file, EmbeddingSpec spec, long seed) {
        TableHeader header = file.header();
        if (header.seed() != seed) {
            throw new InputException(file.path() + ": expected the seed of this experiment, found another");
        }
        if (header.withState() && !header.optimizer().equals(spec.optimizerName())) {
            throw new InputException("%s: expected the state of optimizer '%s', found '%s'"
                    .formatted(file.path(), spec.optimizerName(), header.optimizer()));
        }
        int stride = header.withState() ? EmbeddingTable.stride(header.dimension(), spec) : header.dimension();
        if (header.stride() != stride) {
            throw TableHeader.damaged(
                    file.path(), "its rows have %d floats instead of %d".formatted(header.stride(), stride));
        }
    }

    private static EmbeddingTable copy(
            TableFile file, EmbeddingSpec spec, long seed, int[] pageKeyCounts, Arena arena) {
        TableHeader header = file.header();
        int rowCount = header.keyCount() + 1;
        Slabs keys = new Slabs(Long.BYTES);
        keys.ensure(rowCount - 1, arena);
        keys.copyFrom(file.section(Section.KEYS), Long.BYTES, rowCount);
        Slabs touched = new Slabs(Integer.BYTES);
        touched.ensure(rowCount - 1, arena);
        if (header.withState()) {
            touched.copyFrom(file.section(Section.TOUCHED), Integer.BYTES, rowCount);
        }
        Slabs rows = new Slabs(4L * EmbeddingTable.stride(header.dimension(), spec));
        rows.ensure(rowCount - 1, arena);
        rows.copyFrom(file.section(Section.ROWS), 4L * header.stride(), rowCount);
        MemorySegment[] pages = new MemorySegment[header.pageCount()];
        for (int page = 0; page < pages.length; page++) {
            pages[page] = arena.allocate(KeyIndex.PAGE_SIZE, Slabs.ALIGNMENT).copyFrom(file.page(page));
        }
        KeyIndex index = new KeyIndex(keys, header.keyCount(), pages, file.depths(), pageKeyCounts);
        TableContent content = new TableContent(header.table(), header.dimension(), index, rows);
        return new EmbeddingTable(content, touched, spec, seed, arena);
    }
}
