package io.github.corymb.embedding;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/// What of a table is kept aside between two steps, so that the table can learn on while it is written: rows that
/// changed since a step, the rows behind a given one, pages of the index that changed, and all that is small.
///
/// Cost: reading the step of every row, 4 bytes each, and copying what is kept; as much memory as that takes.
/// Whoever made it closes it.
final class TableFreeze implements AutoCloseable {

    private final Arena arena = Arena.ofShared();
    private final int[] rows; // in their order
    private final RowBlock layout;
    private final MemorySegment rowBlock; // as the layout says
    private final int[] pages; // in their order
    private final MemorySegment pageBlock; // [pages] one after the other
    private final Map<BlockDirectory.Last, MemorySegment> last = new EnumMap<>(BlockDirectory.Last.class);

    /// @param since keeps rows touched at this step or later
    /// @param behind and all rows from this one on
    /// @param pageVersions keeps pages that have another version, or none here; null for no pages
    /// @param withState whether also what learning on needs
    TableFreeze(EmbeddingTable table, long since, int behind, int[] pageVersions, boolean withState) {
        try {
            RowCopy copy = new RowCopy(table, withState);
            rows = chooseRows(table, since, behind);
            layout = copy.layout(rows.length);
            rowBlock = arena.allocate(layout.size(), Slabs.ALIGNMENT);
            copy.copyRows(rows, rowBlock.address(), layout);
            KeyIndex index = table.content().index();
            pages = pageVersions == null ? new int[0] : choosePages(index, pageVersions);
            pageBlock = arena.allocate(Math.max(1, pages.length * KeyPage.SIZE), Slabs.ALIGNMENT);
            for (int at = 0; at < pages.length; at++) {
                Native.copy(index.page(pages[at]), pageBlock.address() + at * KeyPage.SIZE, KeyPage.SIZE);
            }
            keepSmall(table, pageVersions != null, withState);
        } catch (RuntimeException | OutOfMemoryError fault) {
            arena.close();
            throw fault;
        }
    }

    /// The rows kept, in their order.
    int[] rows() {
        return rows;
    }

    RowBlock layout() {
        return layout;
    }

    MemorySegment rowBlock() {
        return rowBlock;
    }

    /// The pages kept, in their order.
    int[] pages() {
        return pages;
    }

    MemorySegment page(int at) {
        return pageBlock.asSlice(at * KeyPage.SIZE, KeyPage.SIZE);
    }

    MemorySegment last(BlockDirectory.Last which) {
        return last.getOrDefault(which, MemorySegment.NULL);
    }

    void keepRowNumbers() {
        last.put(BlockDirectory.Last.ROWS, arena.allocateFrom(ValueLayout.JAVA_INT, rows));
    }

    @Override
    public void close() {
        arena.close();
    }

    private static int[] chooseRows(EmbeddingTable table, long since, int behind) {
        int rowCount = table.lastRow() + 1;
        int[] chosen = new int[Slabs.SLAB_ROWS];
        int count = 0;
        for (int first = 0; first >= 0 && first < rowCount; first += Slabs.SLAB_ROWS) {
            int end = Math.min(Slabs.SLAB_ROWS, rowCount - first);
            if (chosen.length - count < end) {
                chosen = Arrays.copyOf(chosen, chosen.length + Math.max(chosen.length / 2, end));
            }
            int bound = first >= behind ? Integer.MIN_VALUE : (int) Math.min(Integer.MAX_VALUE, since);
            if (first >= behind || since <= Integer.MAX_VALUE) {
                count = choose(table.touched().at(first), bound, first, end, chosen, count);
            }
        }
        return Arrays.copyOf(chosen, count);
    }

    /// Appends the rows of a slab whose number at `steps` is at least `bound`.
    private static int choose(long steps, int bound, int first, int end, int[] chosen, int count) {
        int at = count;
        for (int row = 0; row < end; row++) {
            chosen[at] = first + row;
            at += Native.getInt(steps + 4L * row) >= bound ? 1 : 0;
        }
        return at;
    }

    private static int[] choosePages(KeyIndex index, int[] versions) {
        int[] chosen = new int[index.pageCount()];
        int count = 0;
        for (int page = 0; page < chosen.length; page++) {
            if (page >= versions.length || versions[page] != index.pageVersion(page)) {
                chosen[count++] = page;
            }
        }
        return Arrays.copyOf(chosen, count);
    }

    private void keepSmall(EmbeddingTable table, boolean withPages, boolean withState) {
        KeyIndex index = table.content().index();
        if (withPages) {
            int[] infos = new int[3 * index.pageCount()];
            for (int page = 0; page < index.pageCount(); page++) {
                KeyIndex.PageInfo info = index.info(page);
                infos[3 * page] = info.start();
                infos[3 * page + 1] = info.depth();
                infos[3 * page + 2] = info.keyCount();
            }
            last.put(BlockDirectory.Last.PAGES, arena.allocateFrom(ValueLayout.JAVA_INT, infos));
        }
        if (!withState) {
            return;
        }
        Tombstones tombstones = table.tombstones();
        MemorySegment evicted = arena.allocate(12L * Math.max(1, tombstones.count()), Long.BYTES);
        evicted = evicted.asSlice(0, 12L * tombstones.count());
        for (int i = 0; i < tombstones.count(); i++) {
            evicted.set(ValueLayout.JAVA_LONG, 8L * i, tombstones.key(i));
            evicted.set(ValueLayout.JAVA_INT, 8L * tombstones.count() + 4L * i, tombstones.step(i));
        }
        last.put(BlockDirectory.Last.EVICTED, evicted);
        StepTimes times = table.times();
        MemorySegment noted = arena.allocate(12L * Math.max(1, times.count()), Long.BYTES);
        noted = noted.asSlice(0, 12L * times.count());
        for (int i = 0; i < times.count(); i++) {
            noted.set(ValueLayout.JAVA_LONG, 8L * i, times.millis(i));
            noted.set(ValueLayout.JAVA_INT, 8L * times.count() + 4L * i, times.step(i));
        }
        last.put(BlockDirectory.Last.TIMES, noted);
        CountingSketch sketch = table.admission().sketch();
        if (sketch != null) {
            MemorySegment counters = arena.allocate(sketch.counters().byteSize(), Long.BYTES);
            last.put(BlockDirectory.Last.SKETCH, counters.copyFrom(sketch.counters()));
        }
    }
}
