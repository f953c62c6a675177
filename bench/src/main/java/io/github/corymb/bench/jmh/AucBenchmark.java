package io.github.corymb.bench.jmh;

import io.github.corymb.metric.Auc;
import io.github.corymb.metric.Scored;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The exact AUC of a million rows in random order, with its checks and its sort. An operation is a row.
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AucBenchmark {

    private static final int ROWS = 1_000_000;

    private double[] predictions;
    private double[] labels;

    @Setup(Level.Trial)
    public void draw() {
        SplittableRandom random = new SplittableRandom(1);
        predictions = random.doubles(ROWS).toArray();
        labels = new double[ROWS];
        for (int i = 0; i < ROWS; i++) {
            labels[i] = random.nextDouble() < predictions[i] ? 1 : 0;
        }
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public double auc() {
        return new Auc().valueOrNaN(Scored.binary(predictions, labels));
    }
}
