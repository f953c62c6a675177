package io.github.corymb.data;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.corymb.feature.KeyLists;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;

/// Gathers up to [RowLayout#chunkRows] rows on the heap, then lays them out as one [CacheChunk].
final class ChunkBuilder {

    private final RowLayout layout;
    private final List<KeyLists> fields; // F
    private final float[] numeric; // [rows, N]
    private final float[][] labels; // [K, rows]
    private final float[][] weights; // [K, rows]
    private final long[] users; // [rows]
    private int rowCount;

    ChunkBuilder(RowLayout layout) {
        int chunkRows = layout.chunkRows();
        this.layout = layout;
        this.fields = Stream.generate(KeyLists::new).limit(layout.fieldCount()).toList();
        this.numeric = new float[chunkRows * layout.numericWidth()];
        this.labels = new float[layout.taskCount()][chunkRows];
        this.weights = new float[layout.taskCount()][chunkRows];
        this.users = new long[chunkRows];
    }

    int rowCount() {
        return rowCount;
    }

    /// Adds the rows `chosen[from]` … `chosen[from + count − 1]`, as many as there is room for; tells how many.
    int add(EncodedRows rows, int[] chosen, int from, int count) {
        int added = Math.min(count, layout.chunkRows() - rowCount);
        for (int f = 0; f < fields.size(); f++) {
            addKeys(rows.inputs().fields().get(f), chosen, from, added, fields.get(f));
        }
        int width = layout.numericWidth();
        for (int i = 0; i < added; i++) {
            int row = chosen[from + i];
            System.arraycopy(rows.inputs().numeric(), row * width, numeric, (rowCount + i) * width, width);
            users[rowCount + i] = rows.users()[row];
        }
        for (int k = 0; k < labels.length; k++) {
            for (int i = 0; i < added; i++) {
                labels[k][rowCount + i] = rows.labels()[k][chosen[from + i]];
                weights[k][rowCount + i] = rows.weights()[k][chosen[from + i]];
            }
        }
        rowCount += added;
        return added;
    }

    private static void addKeys(KeyLists from, int[] chosen, int start, int count, KeyLists into) {
        for (int i = 0; i < count; i++) {
            int first = from.offsets()[chosen[start + i]];
            int keyCount = from.offsets()[chosen[start + i] + 1] - first;
            int at = into.addRow(keyCount);
            System.arraycopy(from.keys(), first, into.keys(), at, keyCount);
        }
    }

    /// The rows as a chunk in memory of `memory`; this builder is empty afterwards.
    CacheChunk build(CacheMemory memory) {
        long[] offsetsAt = new long[fields.size()];
        long[] keysAt = new long[fields.size()];
        long size = 0;
        for (int f = 0; f < keysAt.length; f++) {
            keysAt[f] = size;
            size += (long) fields.get(f).keyCount() * Long.BYTES;
        }
        long usersAt = size;
        size += (long) rowCount * Long.BYTES;
        for (int f = 0; f < offsetsAt.length; f++) {
            offsetsAt[f] = isSingle(fields.get(f)) ? CacheChunk.SINGLE : size;
            size += offsetsAt[f] == CacheChunk.SINGLE ? 0 : (rowCount + 1L) * Integer.BYTES;
        }
        long numericAt = size;
        size += (long) rowCount * layout.numericWidth() * Float.BYTES;
        long labelsAt = size;
        CacheChunk chunk = new CacheChunk(null, rowCount, keysAt, usersAt, offsetsAt, numericAt, labelsAt);
        CacheChunk stored = chunk.in(memory.store(chunk.byteCount(layout), segment -> write(chunk, segment)));
        fields.forEach(KeyLists::clear);
        rowCount = 0;
        return stored;
    }

    private void write(CacheChunk chunk, MemorySegment into) {
        for (int f = 0; f < fields.size(); f++) {
            KeyLists lists = fields.get(f);
            MemorySegment.copy(lists.keys(), 0, into, JAVA_LONG, chunk.keysAt()[f], lists.keyCount());
            if (chunk.offsetsAt()[f] != CacheChunk.SINGLE) {
                MemorySegment.copy(lists.offsets(), 0, into, JAVA_INT, chunk.offsetsAt()[f], rowCount + 1);
            }
        }
        MemorySegment.copy(users, 0, into, JAVA_LONG, chunk.usersAt(), rowCount);
        MemorySegment.copy(numeric, 0, into, JAVA_FLOAT, chunk.numericAt(), rowCount * layout.numericWidth());
        for (int k = 0; k < labels.length; k++) {
            MemorySegment.copy(labels[k], 0, into, JAVA_FLOAT, chunk.labelAt(2 * k), rowCount);
            MemorySegment.copy(weights[k], 0, into, JAVA_FLOAT, chunk.labelAt(2 * k + 1), rowCount);
        }
    }

    /// Whether every row has exactly one key, as those of categorical features have.
    private static boolean isSingle(KeyLists lists) {
        int[] offsets = lists.offsets();
        for (int row = 0; row <= lists.rowCount(); row++) {
            if (offsets[row] != row) {
                return false;
            }
        }
        return true;
    }
}
