package io.github.corymb.embedding;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumMap;
import java.util.Map;

/// What of a table is small, kept aside between two steps so that the table can learn on while it is written. Whoever
/// made it closes it.
final class TableFreeze implements AutoCloseable {

    private final Arena arena = Arena.ofShared();
    private final Map<BlockDirectory.Last, MemorySegment> last = new EnumMap<>(BlockDirectory.Last.class);

    /// @param withPages whether also the directory of the index
    /// @param withState whether also what learning on needs
    TableFreeze(EmbeddingTable table, boolean withPages, boolean withState) {
        keepSmall(table, withPages, withState);
    }

    /// What a table that only is looked up has: the directory of its index.
    TableFreeze(KeyIndex index) {
        keepPages(index);
    }

    MemorySegment last(BlockDirectory.Last which) {
        return last.getOrDefault(which, MemorySegment.NULL);
    }

    void keepRowNumbers(int[] rows) {
        last.put(BlockDirectory.Last.ROWS, arena.allocateFrom(ValueLayout.JAVA_INT, rows));
    }

    @Override
    public void close() {
        arena.close();
    }

    private void keepPages(KeyIndex index) {
        int[] infos = new int[3 * index.pageCount()];
        for (int page = 0; page < index.pageCount(); page++) {
            KeyIndex.PageInfo info = index.info(page);
            infos[3 * page] = info.start();
            infos[3 * page + 1] = info.depth();
            infos[3 * page + 2] = info.keyCount();
        }
        last.put(BlockDirectory.Last.PAGES, arena.allocateFrom(ValueLayout.JAVA_INT, infos));
    }

    private void keepSmall(EmbeddingTable table, boolean withPages, boolean withState) {
        if (withPages) {
            keepPages(table.content().index());
        }
        if (!withState) {
            return;
        }
        Tombstones tombstones = table.tombstones();
        last.put(
                BlockDirectory.Last.EVICTED,
                StepList.write(arena, tombstones.count(), tombstones::key, tombstones::step));
        StepTimes times = table.times();
        last.put(BlockDirectory.Last.TIMES, StepList.write(arena, times.count(), times::millis, times::step));
        CountingSketch sketch = table.admission().sketch();
        if (sketch != null) {
            MemorySegment counters = arena.allocate(sketch.counters().byteSize(), Long.BYTES);
            last.put(BlockDirectory.Last.SKETCH, counters.copyFrom(sketch.counters()));
        }
    }
}
