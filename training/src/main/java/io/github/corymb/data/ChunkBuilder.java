package io.github.corymb.data;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.corymb.feature.KeyLists;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;

/// Gathers up to [CachedRow#chunkRows] rows on the heap, then lays them out as one [CacheChunk].
final class ChunkBuilder {

    private final CachedRow layout;
    private final MemorySegment rows; // of fixed size, as they will lie
    private final List<KeyLists> lists; // of the list fields
    private int rowCount;

    ChunkBuilder(CachedRow layout) {
        this.layout = layout;
        this.rows = MemorySegment.ofArray(new long[layout.chunkRows() * (layout.stride() / Long.BYTES)]);
        this.lists = Stream.generate(KeyLists::new).limit(layout.lists().size()).toList();
    }

    int rowCount() {
        return rowCount;
    }

    /// Adds the rows `chosen[from]` … `chosen[from + count − 1]`, as many as there is room for; tells how many.
    int add(EncodedRows encoded, int[] chosen, int from, int count) {
        int added = Math.min(count, layout.chunkRows() - rowCount);
        List<KeyLists> fields = encoded.inputs().fields();
        for (int list = 0; list < lists.size(); list++) {
            addKeys(fields.get(layout.lists().get(list)), chosen, from, added, lists.get(list));
        }
        long[][] singles =
                layout.singles().stream().map(field -> fields.get(field).keys()).toArray(long[][]::new);
        for (int i = 0; i < added; i++) {
            addRow(encoded, singles, chosen[from + i]);
        }
        return added;
    }

    private void addRow(EncodedRows encoded, long[][] singles, int row) {
        long at = (long) rowCount * layout.stride();
        for (int single = 0; single < singles.length; single++) {
            rows.set(JAVA_LONG, at + (long) single * Long.BYTES, singles[single][row]);
        }
        rows.set(JAVA_LONG, at + layout.userAt(), encoded.users()[row]);
        int width = layout.numericWidth();
        MemorySegment.copy(encoded.inputs().numeric(), row * width, rows, JAVA_FLOAT, at + layout.numericAt(), width);
        for (int k = 0; k < layout.taskCount(); k++) {
            long label = at + layout.labelsAt() + 2L * k * Float.BYTES;
            rows.set(JAVA_FLOAT, label, encoded.labels()[k][row]);
            rows.set(JAVA_FLOAT, label + Float.BYTES, encoded.weights()[k][row]);
        }
        rowCount++;
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
        long[] offsetsAt = new long[lists.size()];
        long[] keysAt = new long[lists.size()];
        long size = (long) rowCount * layout.stride();
        for (int list = 0; list < keysAt.length; list++) {
            keysAt[list] = size;
            size += (long) lists.get(list).keyCount() * Long.BYTES;
        }
        for (int list = 0; list < offsetsAt.length; list++) {
            offsetsAt[list] = size;
            size += (rowCount + 1L) * Integer.BYTES;
        }
        CacheChunk chunk = new CacheChunk(null, rowCount, offsetsAt, keysAt, size);
        CacheChunk stored = chunk.in(memory.store(size, segment -> write(chunk, segment)));
        lists.forEach(KeyLists::clear);
        rowCount = 0;
        return stored;
    }

    private void write(CacheChunk chunk, MemorySegment into) {
        MemorySegment.copy(rows, 0, into, 0, (long) rowCount * layout.stride());
        for (int list = 0; list < lists.size(); list++) {
            KeyLists keys = lists.get(list);
            MemorySegment.copy(keys.keys(), 0, into, JAVA_LONG, chunk.keysAt()[list], keys.keyCount());
            MemorySegment.copy(keys.offsets(), 0, into, JAVA_INT, chunk.offsetsAt()[list], rowCount + 1);
        }
    }
}
