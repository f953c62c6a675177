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

    static final int ROWS = 4096; // B
    static final int FIELDS = 40;
    static final int DIMENSION = 16;
    static final int WIDTH = FIELDS * DIMENSION; // D
    static final int EXPERTS = 8;
    static final List<Integer> LAYERS = List.of(256, 128);
    static final int TOWER = 64;
    static final int TASKS = 2;
    static final int KEYS_PER_FIELD = 52_500; // 2.1 M rows in all
    static final double SKEW = 1.05; // of Zipf's law
    private static final int BATCHES = 16; // taken in turn

    private final TorchEngine engine;
    private final MultiTaskModel model;
    private final TorchOptimizer optimizer;
    private final EmbeddingTables tables;
    private final TaskLoss loss = TaskLoss.of(new Task.Binary("label", null, null, null));
    private final List<Batch> batches = new ArrayList<>();
    private final float[][] labels = new float[TASKS][ROWS];
    private final float[] weights = new float[ROWS];
    private final FloatBuffer input = ByteBuffer.allocateDirect(ROWS * WIDTH * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    private long stepCount;

    WideStep(Precision precision, int threads) {
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
        Zipf zipf = new Zipf(KEYS_PER_FIELD, SKEW);
        for (int i = 0; i < BATCHES; i++) {
            batches.add(batch(zipf, random));
        }
        for (int b = 0; b < ROWS; b++) {
            weights[b] = 1;
            for (float[] ofTask : labels) {
                ofTask[b] = random.nextInt(2);
            }
        }
        tables.gather(batches.getFirst(), input, true);
    }

    private static Batch batch(Zipf zipf, SplittableRandom random) {
        Batch batch = new Batch(FIELDS, 0);
        batch.reset(ROWS);
        for (KeyLists keys : batch.fields()) {
            for (int b = 0; b < ROWS; b++) {
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
        long started = System.nanoTime();
        for (int i = 0; i < steps; i++) {
            step(withTables);
        }
        return (double) steps * ROWS / ((System.nanoTime() - started) / 1e9);
    }

    private void step(boolean withTables) {
        long number = ++stepCount;
        try (Step _ = engine.step(number, true)) {
            if (withTables) {
                tables.gather(batches.get((int) (number % BATCHES)), input.clear(), true);
            }
            Tensor leaf = engine.leaf(input.clear(), ROWS, WIDTH); // [B, D]
            List<Tensor> outputs = engine.forward(() -> model.forward(List.of(leaf))); // K × [B, 1]
            List<Tensor> losses = IntStream.range(0, TASKS)
                    .mapToObj(k -> loss.forward(
                            outputs.get(k),
                            engine.constant(labels[k], ROWS, 1),
                            engine.constant(weights, ROWS, 1),
                            ROWS))
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
