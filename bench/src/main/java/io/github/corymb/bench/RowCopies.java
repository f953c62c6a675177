package io.github.corymb.bench;

import io.github.corymb.embedding.LargePages;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// What memory allows: rows whose numbers are known, copied one after the other to a buffer, from pages as large as an
/// embedding table has. Whoever made it closes it.
final class RowCopies implements AutoCloseable {

    private final Arena arena = Arena.ofShared();
    private final MemorySegment table; // [rows, width]
    private final MemorySegment leaf; // [lookups, width]
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final long rowSize;
    private final int[][] rows;
    private final long copyCount; // a batch

    /// @param rows of each batch; the first ones again where a batch has less than `copyCount`
    RowCopies(int rowCount, int width, int[][] rows, long copyCount) {
        this.rows = rows;
        this.copyCount = copyCount;
        rowSize = (long) width * Float.BYTES;
        table = allocate(rowCount * rowSize).fill((byte) 1);
        leaf = arena.allocate(rows[0].length * rowSize, 64);
    }

    private MemorySegment allocate(long size) {
        MemorySegment large = LargePages.map(size, arena);
        return large.byteSize() == 0 ? arena.allocate(size, 64) : large;
    }

    /// @return lookups a second of batches that cost this much
    double run(int threadCount) throws Exception {
        long started = System.nanoTime();
        for (int[] batch : rows) {
            List<Callable<Void>> parts = new ArrayList<>();
            for (int part = 0; part < threadCount; part++) {
                long from = copyCount * part / threadCount;
                long to = copyCount * (part + 1) / threadCount;
                parts.add(() -> {
                    copy(table, leaf, rowSize, batch, from, to);
                    return null;
                });
            }
            for (Future<Void> part : threads.invokeAll(parts)) {
                part.get();
            }
        }
        return 1e9 * rows.length * rows[0].length / (System.nanoTime() - started);
    }

    private static void copy(MemorySegment table, MemorySegment leaf, long rowSize, int[] rows, long from, long to) {
        int at = (int) (from % rows.length);
        for (long copies = from; copies < to; copies++) {
            MemorySegment.copy(table, rows[at] * rowSize, leaf, at * rowSize, rowSize);
            at = at + 1 == rows.length ? 0 : at + 1;
        }
    }

    @Override
    public void close() {
        threads.close();
        arena.close();
    }
}
