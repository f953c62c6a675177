package io.github.corymb.data;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.corymb.feature.KeyLists;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// The encoded rows of one split, by index. Written by one thread; when finished, read by any number.
final class RowCache {

    private final CachedRow layout;
    private final int shift; // a row's chunk is row >>> shift
    private final int mask; // and its place there row & mask
    private final CacheMemory memory;
    private final List<CacheChunk> finished = new ArrayList<>();
    private ChunkBuilder builder;
    private CacheChunk[] chunks; // set when finished
    private int rowCount;

    RowCache(CachedRow layout, CacheMemory memory) {
        this.layout = layout;
        this.shift = layout.chunkShift();
        this.mask = layout.chunkRows() - 1;
        this.memory = memory;
    }

    /// Rows that stand in memory already.
    static RowCache of(CachedRow layout, List<CacheChunk> chunks) {
        RowCache cache = new RowCache(layout, null);
        cache.finished.addAll(chunks);
        cache.rowCount = chunks.stream().mapToInt(CacheChunk::rowCount).sum();
        cache.finish();
        return cache;
    }

    /// The pieces that its rows stand in, in order, when finished.
    List<CacheChunk> chunks() {
        return List.copyOf(finished);
    }

    int rowCount() {
        return rowCount;
    }

    /// Adds the first `count` of the rows that `chosen` numbers.
    void add(EncodedRows rows, int[] chosen, int count) {
        if (builder == null && count > 0) {
            builder = new ChunkBuilder(layout);
        }
        int from = 0;
        while (from < count) {
            from += builder.add(rows, chosen, from, count - from);
            if (builder.rowCount() == layout.chunkRows()) {
                finished.add(builder.build(memory));
            }
        }
        rowCount += count;
    }

    void finish() {
        if (builder != null && builder.rowCount() > 0) {
            finished.add(builder.build(memory));
        }
        builder = null;
        chunks = finished.toArray(CacheChunk[]::new);
    }

    /// Fills a batch with rows `order[from]` … `order[from + count − 1]`, or from `from` on where there is no order.
    void fill(int[] order, int from, int count, LabelledBatch into) {
        into.reset(count);
        List<KeyLists> fields = into.inputs().fields();
        for (int list = 0; list < layout.lists().size(); list++) {
            KeyLists keys = fields.get(layout.lists().get(list));
            for (int i = 0; i < count; i++) {
                int row = order == null ? from + i : order[from + i];
                chunks[row >>> shift].addKeys(list, row & mask, keys);
            }
        }
        long[][] singles = layout.singles().stream()
                .map(field -> fields.get(field).setSingles(count))
                .toArray(long[][]::new);
        int stride = layout.stride();
        for (int i = 0; i < count; i++) {
            int row = order == null ? from + i : order[from + i];
            fillRow(chunks[row >>> shift].memory(), (long) (row & mask) * stride, singles, i, into);
        }
    }

    /// Copies what a row has of fixed size, as [CachedRow] has it, to place `i` of a batch.
    private void fillRow(MemorySegment memory, long row, long[][] singles, int i, LabelledBatch into) {
        for (int single = 0; single < singles.length; single++) {
            singles[single][i] = memory.get(JAVA_LONG, row + (long) single * Long.BYTES);
        }
        into.users()[i] = memory.get(JAVA_LONG, row + layout.userAt());
        int width = layout.numericWidth();
        MemorySegment.copy(
                memory, JAVA_FLOAT, row + layout.numericAt(), into.inputs().numeric(), i * width, width);
        long labels = row + layout.labelsAt();
        for (int k = 0; k < layout.taskCount(); k++) {
            into.labels()[k][i] = memory.get(JAVA_FLOAT, labels + 2L * k * Float.BYTES);
            into.weights()[k][i] = memory.get(JAVA_FLOAT, labels + (2L * k + 1) * Float.BYTES);
        }
    }
}
