package io.github.corymb.data;

import io.github.corymb.feature.KeyLists;
import java.util.ArrayList;
import java.util.List;

/// The encoded rows of one split, by index. Written by one thread; when finished, read by any number.
final class RowCache {

    private final RowLayout layout;
    private final CacheMemory memory;
    private final List<CacheChunk> finished = new ArrayList<>();
    private ChunkBuilder builder;
    private CacheChunk[] chunks; // set when finished
    private int rowCount;

    RowCache(RowLayout layout, CacheMemory memory) {
        this.layout = layout;
        this.memory = memory;
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
            if (builder.rowCount() == RowLayout.CHUNK_ROWS) {
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
            CacheChunk chunk = chunks[row >>> RowLayout.CHUNK_SHIFT];
            int inside = row & (RowLayout.CHUNK_ROWS - 1);
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
            chunks[row >>> RowLayout.CHUNK_SHIFT].addKeys(field, row & (RowLayout.CHUNK_ROWS - 1), into);
        }
    }

    private void fillLine(int line, int[] order, int from, int count, float[] into) {
        for (int i = 0; i < count; i++) {
            int row = order == null ? from + i : order[from + i];
            into[i] = chunks[row >>> RowLayout.CHUNK_SHIFT].label(line, row & (RowLayout.CHUNK_ROWS - 1));
        }
    }
}
