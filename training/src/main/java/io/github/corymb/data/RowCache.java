package io.github.corymb.data;

import io.github.corymb.feature.KeyLists;
import java.util.ArrayList;
import java.util.List;

/// The encoded rows of one split, by index. Written by one thread; when finished, read by any number.
final class RowCache {

    private final RowLayout layout;
    private final int shift; // a row's chunk is row >>> shift
    private final int mask; // and its place there row & mask
    private final CacheMemory memory;
    private final List<CacheChunk> finished = new ArrayList<>();
    private ChunkBuilder builder;
    private CacheChunk[] chunks; // set when finished
    private int rowCount;

    RowCache(RowLayout layout, CacheMemory memory) {
        this.layout = layout;
        this.shift = layout.chunkShift();
        this.mask = layout.chunkRows() - 1;
        this.memory = memory;
    }

    /// Rows that stand in memory already.
    static RowCache of(RowLayout layout, List<CacheChunk> chunks) {
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
        for (int f = 0; f < fields.size(); f++) {
            fillField(f, order, from, count, fields.get(f));
        }
        int width = layout.numericWidth();
        float[] numeric = into.inputs().numeric();
        for (int i = 0; i < count; i++) {
            int row = order == null ? from + i : order[from + i];
            CacheChunk chunk = chunks[row >>> shift];
            int inside = row & mask;
            chunk.copyNumeric(inside, width, numeric, i * width);
            into.users()[i] = chunk.user(inside);
        }
        for (int k = 0; k < layout.taskCount(); k++) {
            fillLine(2 * k, order, from, count, into.labels()[k]);
            fillLine(2 * k + 1, order, from, count, into.weights()[k]);
        }
    }

    private void fillField(int field, int[] order, int from, int count, KeyLists into) {
        for (int i = 0; i < count; i++) {
            int row = order == null ? from + i : order[from + i];
            chunks[row >>> shift].addKeys(field, row & mask, into);
        }
    }

    private void fillLine(int line, int[] order, int from, int count, float[] into) {
        for (int i = 0; i < count; i++) {
            int row = order == null ? from + i : order[from + i];
            into[i] = chunks[row >>> shift].label(line, row & mask);
        }
    }
}
