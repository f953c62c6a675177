package io.github.corymb.bench.jmh;

import io.github.corymb.embedding.EmbeddingSpec;
import io.github.corymb.embedding.EmbeddingTable;
import io.github.corymb.feature.Keys;
import java.nio.charset.StandardCharsets;
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

/// From values to keys, and from keys to rows one at a time. An operation is a key.
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class KeyBenchmark {

    private static final int COUNT = 65_536;

    private long[] numbers;
    private byte[] texts; // one after another
    private int[] offsets; // [COUNT + 1]

    /// A table to find keys in.
    @State(Scope.Benchmark)
    public static class Filled {

        @Param("1000000")
        private int rows;

        private EmbeddingTable table;
        private long[] present;
        private long[] absent;

        @Setup(Level.Trial)
        public void fill() {
            table = new EmbeddingTable(
                    "key", 16, new EmbeddingSpec.RowWiseAdagrad(null, null, null, null, null, null, null), 1);
            for (int i = 0; i < rows; i++) {
                table.row(Keys.ofInteger(i), true);
            }
            present = new SplittableRandom(1)
                    .longs(COUNT, 0, rows)
                    .map(Keys::ofInteger)
                    .toArray();
            absent = new SplittableRandom(1)
                    .longs(COUNT, -rows, 0)
                    .map(Keys::ofInteger)
                    .toArray();
        }

        @TearDown(Level.Trial)
        public void close() {
            table.close();
        }
    }

    @Setup(Level.Trial)
    public void write() {
        numbers = new SplittableRandom(1).longs(COUNT, 0, 1_000_000).toArray();
        offsets = new int[COUNT + 1];
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < COUNT; i++) {
            text.append("item-").append(numbers[i]);
            offsets[i + 1] = text.length();
        }
        texts = text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    @Benchmark
    @OperationsPerInvocation(COUNT)
    public long hashInteger() {
        long all = 0;
        for (long number : numbers) {
            all ^= Keys.ofInteger(number);
        }
        return all;
    }

    @Benchmark
    @OperationsPerInvocation(COUNT)
    public long hashText() {
        long all = 0;
        for (int i = 0; i < COUNT; i++) {
            all ^= Keys.ofText(texts, offsets[i], offsets[i + 1]);
        }
        return all;
    }

    @Benchmark
    @OperationsPerInvocation(COUNT)
    public long findPresent(Filled filled) {
        return find(filled.table, filled.present);
    }

    @Benchmark
    @OperationsPerInvocation(COUNT)
    public long findAbsent(Filled filled) {
        return find(filled.table, filled.absent);
    }

    private static long find(EmbeddingTable table, long[] keys) {
        long all = 0;
        for (long key : keys) {
            all += table.row(key, false);
        }
        return all;
    }
}
