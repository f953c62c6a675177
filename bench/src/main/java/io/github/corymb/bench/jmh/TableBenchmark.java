package io.github.corymb.bench.jmh;

import io.github.corymb.embedding.DirectFloats;
import io.github.corymb.embedding.EmbeddingSpec;
import io.github.corymb.embedding.EmbeddingTables;
import io.github.corymb.feature.Batch;
import io.github.corymb.feature.Field;
import io.github.corymb.feature.Pooling;
import io.github.corymb.feature.Side;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Batches of 4096 keys of equal chance over a table of 16 floats, on one thread. An operation is a lookup.
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TableBenchmark {

    private static final int BATCH_ROWS = 4096; // B
    private static final int DIMENSION = 16; // D
    private static final int BATCH_COUNT = 64; // taken in turn

    @Param("1000000")
    private int rows;

    private EmbeddingTables tables;
    private Batch[] batches;
    private FloatBuffer leaf; // [B, D]
    private int next;

    /// The optimizer whose update is measured.
    @State(Scope.Benchmark)
    public static class Learning {

        @Param({"row_wise_adagrad", "adagrad", "sgd", "momentum", "adam", "row_wise_adam", "ftrl"})
        private String optimizer;

        private EmbeddingTables tables;
        private FloatBuffer gradient; // [B, D]

        @Setup(Level.Trial)
        public void fill(TableBenchmark table) {
            tables = tables(spec(optimizer));
            gradient = DirectFloats.collected(BATCH_ROWS * DIMENSION);
            SplittableRandom random = new SplittableRandom(7);
            for (int i = 0; i < gradient.capacity(); i++) {
                gradient.put(i, (float) (1e-3 * (random.nextDouble() - 0.5)));
            }
            insertAll(tables, table.rows, gradient);
        }

        @TearDown(Level.Trial)
        public void close() {
            tables.close();
        }

        private static EmbeddingSpec spec(String optimizer) {
            return switch (optimizer) {
                case "row_wise_adagrad" -> new EmbeddingSpec.RowWiseAdagrad(null, null, null, null, null, null, null);
                case "adagrad" -> new EmbeddingSpec.Adagrad(null, null, null, null, null, null, null);
                case "sgd" -> new EmbeddingSpec.Sgd(null, null, null, null, null, null, null);
                case "momentum" -> new EmbeddingSpec.Sgd(null, 0.9, null, null, null, null, null);
                case "adam" -> new EmbeddingSpec.Adam(null, null, null, null, null, null, null, null, null);
                case "row_wise_adam" ->
                    new EmbeddingSpec.RowWiseAdam(null, null, null, null, null, null, null, null, null);
                case "ftrl" -> new EmbeddingSpec.Ftrl(null, null, null, null, null, null);
                default -> throw new IllegalArgumentException("optimizer: expected a known one, found " + optimizer);
            };
        }
    }

    @Setup(Level.Trial)
    public void fill() {
        tables = tables(new EmbeddingSpec.RowWiseAdagrad(null, null, null, null, null, null, null));
        leaf = DirectFloats.collected(BATCH_ROWS * DIMENSION);
        insertAll(tables, rows, DirectFloats.collected(BATCH_ROWS * DIMENSION));
        SplittableRandom random = new SplittableRandom(1);
        batches = new Batch[BATCH_COUNT];
        for (int i = 0; i < BATCH_COUNT; i++) {
            long[] numbers = random.longs(BATCH_ROWS, 0, rows).toArray();
            batches[i] = new Batch(1, 0);
            fill(batches[i], numbers);
        }
    }

    @TearDown(Level.Trial)
    public void close() {
        tables.close();
    }

    /// As for predictions: keys are found and rows copied.
    @Benchmark
    @OperationsPerInvocation(BATCH_ROWS)
    public FloatBuffer gather() {
        tables.gather(next(), leaf);
        return leaf;
    }

    /// As for training: duplicates are found too, then the sum of their gradients moves each row once.
    @Benchmark
    @OperationsPerInvocation(BATCH_ROWS)
    public FloatBuffer gatherAndUpdate(Learning learning) {
        learning.tables.gather(next(), leaf, true);
        learning.tables.update(learning.gradient, 1, learning.tables.step() + 1);
        return leaf;
    }

    private Batch next() {
        next = (next + 1) % BATCH_COUNT;
        return batches[next];
    }

    private static EmbeddingTables tables(EmbeddingSpec spec) {
        return new EmbeddingTables(List.of(new Field("key", "key", DIMENSION, Pooling.SUM, Side.CONTEXT)), spec, 1, 1);
    }

    private static void insertAll(EmbeddingTables tables, int rows, FloatBuffer gradient) {
        Batch batch = new Batch(1, 0);
        FloatBuffer leaf = DirectFloats.collected(BATCH_ROWS * DIMENSION);
        long[] numbers = new long[BATCH_ROWS];
        for (int from = 0; from < rows; from += BATCH_ROWS) {
            for (int b = 0; b < BATCH_ROWS; b++) {
                numbers[b] = Math.min(rows - 1, from + b);
            }
            fill(batch, numbers);
            tables.gather(batch, leaf, true);
            tables.update(gradient, 1, tables.step() + 1);
        }
    }

    private static void fill(Batch batch, long[] numbers) {
        batch.reset(numbers.length);
        for (long number : numbers) {
            int at = batch.fields().getFirst().addRow(1);
            batch.fields().getFirst().keys()[at] = (number + 1) * 0x9E3779B97F4A7C15L; // 2^64 / golden ratio, odd
        }
    }
}
