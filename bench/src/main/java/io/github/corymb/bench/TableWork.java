package io.github.corymb.bench;

import io.github.corymb.embedding.DirectFloats;
import io.github.corymb.embedding.EmbeddingSpec;
import io.github.corymb.embedding.EmbeddingTable;
import io.github.corymb.embedding.EmbeddingTables;
import io.github.corymb.feature.Batch;
import io.github.corymb.feature.Field;
import io.github.corymb.feature.KeyLists;
import io.github.corymb.feature.Pooling;
import io.github.corymb.feature.Side;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Tables with all their rows, and batches that gather and update them. Whoever made it closes it.
final class TableWork implements AutoCloseable {

    private final TableSuite.Size size;
    private final EmbeddingTables tables;
    private final List<Batch> batches;
    private final FloatBuffer leaf; // [B, ΣD]
    private final FloatBuffer gradient; // [B, ΣD]

    /// @param rows [batches][lookups] by fields, numbers from 0 to all rows; without sharing field f has the f-th part
    TableWork(TableSuite.Size size, TableSharing sharing, int threads, int[][] rows) {
        this.size = size;
        leaf = DirectFloats.collected(size.lookupCount() * size.width());
        gradient = DirectFloats.collected(size.lookupCount() * size.width());
        List<Field> fields = IntStream.range(0, size.fieldCount())
                .mapToObj(f -> new Field("f" + f, sharing.tableOf(f), size.width(), Pooling.SUM, Side.CONTEXT))
                .toList();
        EmbeddingSpec spec = new EmbeddingSpec.RowWiseAdagrad(null, null, null, null, null, null, null);
        tables = new EmbeddingTables(fields, spec, 1, threads);
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < gradient.capacity(); i++) {
            gradient.put(i, (float) (1e-3 * (random.nextDouble() - 0.5)));
        }
        insertAll();
        batches = Arrays.stream(rows).map(this::batch).toList();
    }

    /// Each field looks up its part, the last rows again where a batch has more.
    private void insertAll() {
        int part = size.rowsPerField();
        int[] next = new int[size.lookupCount()];
        for (int from = 0; from < part; from += size.batchRows()) {
            for (int i = 0; i < next.length; i++) {
                int field = i / size.batchRows();
                next[i] = field * part + Math.min(part - 1, from + i % size.batchRows());
            }
            step(batch(next));
        }
    }

    /// All batches once.
    ///
    /// @return lookups a second
    double step() {
        long started = System.nanoTime();
        batches.forEach(this::step);
        return batches.size() * (double) size.lookupCount() / Session.secondsSince(started);
    }

    /// Of all tables.
    long rowCount() {
        return tables.tables().stream().mapToLong(EmbeddingTable::rowCount).sum();
    }

    /// Of all tables, in bytes.
    long memorySize() {
        return tables.tables().stream().mapToLong(EmbeddingTable::size).sum();
    }

    private void step(Batch batch) {
        tables.gather(batch, leaf, true);
        tables.update(gradient, 1, tables.step() + 1);
    }

    private Batch batch(int[] rows) {
        Batch batch = new Batch(size.fieldCount(), 0);
        batch.reset(size.batchRows());
        for (int f = 0; f < size.fieldCount(); f++) {
            KeyLists lists = batch.fields().get(f);
            for (int b = 0; b < size.batchRows(); b++) {
                int at = lists.addRow(1);
                lists.keys()[at] = (rows[f * size.batchRows() + b] + 1) * 0x9E3779B97F4A7C15L; // 2^64 / golden ratio
            }
        }
        return batch;
    }

    @Override
    public void close() {
        tables.close();
    }
}
