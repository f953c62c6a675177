package io.github.corymb.bench;

import io.github.corymb.embedding.EmbeddingSpec;
import io.github.corymb.embedding.EmbeddingTables;
import io.github.corymb.feature.Batch;
import io.github.corymb.feature.Field;
import io.github.corymb.feature.KeyLists;
import io.github.corymb.feature.Pooling;
import io.github.corymb.feature.Side;
import io.github.corymb.feature.Task;
import io.github.corymb.loss.TaskLoss;
import io.github.corymb.model.Mmoe;
import io.github.corymb.model.MultiTaskModel;
import io.github.corymb.model.TaskHead;
import io.github.corymb.tensor.DenseOptimizer;
import io.github.corymb.tensor.Device;
import io.github.corymb.tensor.Precision;
import io.github.corymb.tensor.Tensor;
import io.github.corymb.tensor.torch.Step;
import io.github.corymb.tensor.torch.TorchEngine;
import io.github.corymb.tensor.torch.TorchOptimizer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Training steps of a wide MMoE as the trainer makes them, over keys that are ready in memory: 40 fields of 16 floats,
/// 8 experts (256, 128), 2 tasks with a tower of 64.
///
/// Used by one thread. Whoever made it closes it.
final class WideStep implements AutoCloseable {

    static final int FIELDS = 40;
    static final int DIMENSION = 16;
    static final int WIDTH = FIELDS * DIMENSION; // D
    static final int EXPERTS = 8;
    static final List<Integer> LAYERS = List.of(256, 128);
    static final int TOWER = 64;
    static final int TASKS = 2;
    static final double SKEW = 1.05; // of Zipf's law
    private static final int BATCHES = 16; // taken in turn

    private final int rowCount; // B
    private final int threads;
    private final TorchEngine engine;
    private final MultiTaskModel model;
    private final TorchOptimizer optimizer;
    private final EmbeddingTables tables;
    private final TaskLoss loss = TaskLoss.of(new Task.Binary("label", null, null, null));
    private final List<Batch> batches = new ArrayList<>();
    private final float[][] labels; // [K, B]
    private final float[] weights; // [B]
    private final FloatBuffer input; // [B, D]
    private long stepCount;

    /// @param rowCount of a batch
    /// @param keysPerField that are drawn from
    WideStep(Precision precision, int threads, int rowCount, int keysPerField) {
        this.rowCount = rowCount;
        this.threads = threads;
        labels = new float[TASKS][rowCount];
        weights = new float[rowCount];
        input = ByteBuffer.allocateDirect(rowCount * WIDTH * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        engine = new TorchEngine(new Device.Cpu(), precision, threads, 1);
        model = new Mmoe.Spec(EXPERTS, LAYERS, List.of(TOWER), null, null, null, null, null)
                .build(
                        engine.parameters(),
                        WIDTH,
                        IntStream.range(0, TASKS)
                                .mapToObj(k -> new TaskHead("task" + k, 1))
                                .toList());
        optimizer = new TorchOptimizer(engine, new DenseOptimizer.Adam(null, null, null, null, null));
        List<Field> fields = IntStream.range(0, FIELDS)
                .mapToObj(f -> new Field("field" + f, "field" + f, DIMENSION, Pooling.SUM, Side.USER))
                .toList();
        tables = new EmbeddingTables(
                fields, new EmbeddingSpec.RowWiseAdagrad(null, null, null, null, null, null, null), 1, threads);
        SplittableRandom random = new SplittableRandom(1);
        Zipf zipf = new Zipf(keysPerField, SKEW);
        for (int i = 0; i < BATCHES; i++) {
            batches.add(batch(zipf, random, rowCount));
        }
        for (int b = 0; b < rowCount; b++) {
            weights[b] = 1;
            for (float[] ofTask : labels) {
                ofTask[b] = random.nextInt(2);
            }
        }
        tables.gather(batches.getFirst(), input, true);
    }

    private static Batch batch(Zipf zipf, SplittableRandom random, int rowCount) {
        Batch batch = new Batch(FIELDS, 0);
        batch.reset(rowCount);
        for (KeyLists keys : batch.fields()) {
            for (int b = 0; b < rowCount; b++) {
                int at = keys.addRow(1);
                keys.keys()[at] = zipf.next(random);
            }
        }
        return batch;
    }

    /// Steps over the network alone, whose input stands still: rows a second.
    double dense(int steps) {
        return rate(steps, false);
    }

    /// Whole steps, with gather and row-wise Adagrad: rows a second.
    double whole(int steps) {
        return rate(steps, true);
    }

    private double rate(int steps, boolean withTables) {
        setThreads(threads);
        long started = System.nanoTime();
        for (int i = 0; i < steps; i++) {
            step(withTables);
        }
        return (double) steps * rowCount / ((System.nanoTime() - started) / 1e9);
    }

    /// libtorch has one number of threads in a process; each round sets its own, since contenders differ in it.
    static void setThreads(int threads) {
        new TorchEngine(new Device.Cpu(), threads, 1).close();
    }

    private void step(boolean withTables) {
        long number = ++stepCount;
        try (Step _ = engine.step(number, true)) {
            if (withTables) {
                tables.gather(batches.get((int) (number % BATCHES)), input.clear(), true);
            }
            Tensor leaf = engine.leaf(input.clear(), rowCount, WIDTH); // [B, D]
            List<Tensor> outputs = engine.forward(() -> model.forward(List.of(leaf))); // K × [B, 1]
            List<Tensor> losses = IntStream.range(0, TASKS)
                    .mapToObj(k -> loss.forward(
                            outputs.get(k),
                            engine.constant(labels[k], rowCount, 1),
                            engine.constant(weights, rowCount, 1),
                            rowCount))
                    .toList(); // K × []
            engine.scalars(losses);
            engine.zeroGradients();
            engine.backward(losses.get(0).add(losses.get(1)));
            if (!engine.hasFiniteGradients(List.of(leaf))) {
                throw new IllegalStateException("step " + number + ": a gradient is no number");
            }
            optimizer.step(1);
            FloatBuffer gradient = engine.gradient(leaf);
            if (withTables) {
                tables.update(gradient, 1, number);
            }
        }
    }

    @Override
    public void close() {
        tables.close();
        engine.close();
    }
}
