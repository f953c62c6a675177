package io.github.corymb.bench;

import io.github.corymb.embedding.DirectFloats;
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
import io.github.corymb.tensor.torch.Lanes;
import io.github.corymb.tensor.torch.TorchEngine;
import io.github.corymb.tensor.torch.TorchOptimizer;
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
    private final TorchEngine engine;
    private final MultiTaskModel model;
    private final TorchOptimizer optimizer;
    private final EmbeddingTables tables;
    private final TaskLoss loss = TaskLoss.of(new Task.Binary("label", null, null, null));
    private final List<Batch> batches = new ArrayList<>();
    private final float[][] labels; // [K, B]
    private final float[] weights; // [B]
    private final FloatBuffer input; // [B, D]
    private final FloatBuffer gradient; // the same, of several lanes
    private final Lanes lanes;
    private long stepCount;

    /// @param rowCount of a batch
    /// @param keysPerField that are drawn from
    WideStep(Precision precision, int threads, int rowCount, int keysPerField) {
        this.rowCount = rowCount;
        labels = new float[TASKS][rowCount];
        weights = new float[rowCount];
        input = DirectFloats.collected(rowCount * WIDTH);
        gradient = DirectFloats.collected(rowCount * WIDTH);
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
        lanes = new Lanes(engine, threads);
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
        long started = System.nanoTime();
        for (int i = 0; i < steps; i++) {
            step(withTables);
        }
        return (double) steps * rowCount / ((System.nanoTime() - started) / 1e9);
    }

    private void step(boolean withTables) {
        long number = ++stepCount;
        if (withTables) {
            tables.gather(batches.get((int) (number % BATCHES)), input.clear(), true);
        }
        int count = lanes.count(rowCount);
        Part[] parts = new Part[count];
        try {
            lanes.run(count, lane -> parts[lane] = forward(number, lane, count));
            lanes.run(count, lane -> backward(parts[lane], number));
            engine.joinGradients(count);
            optimizer.step(1, lanes, count);
            if (withTables) {
                FloatBuffer whole = gradient.clear();
                tables.update(count == 1 ? engine.gradient(parts[0].leaf()) : whole, 1, number);
            }
        } finally {
            lanes.run(count, engine::closeStep);
        }
    }

    /// What a lane has of the rows. // [B, D], K × []
    private record Part(int from, Tensor leaf, List<Tensor> losses) {}

    private Part forward(long number, int lane, int laneCount) {
        int from = rowCount * lane / laneCount;
        int rows = rowCount * (lane + 1) / laneCount - from;
        engine.openStep(number, true, lane);
        Tensor leaf = engine.leaf(input.slice(from * WIDTH, rows * WIDTH), rows, WIDTH); // [B, D]
        List<Tensor> outputs = engine.forward(() -> model.forward(List.of(leaf))); // K × [B, 1]
        List<Tensor> losses = IntStream.range(0, TASKS)
                .mapToObj(k -> loss.forward(
                        outputs.get(k),
                        engine.constantFrom(from, labels[k], rows, 1),
                        engine.constantFrom(from, weights, rows, 1),
                        rowCount))
                .toList(); // K × []
        engine.scalars(losses);
        return new Part(from, leaf, losses);
    }

    private void backward(Part part, long number) {
        engine.zeroGradients();
        engine.backward(part.losses().get(0).add(part.losses().get(1)));
        if (!engine.hasFiniteGradients(List.of(part.leaf()))) {
            throw new IllegalStateException("step " + number + ": a gradient is no number");
        }
        if (lanes.count(rowCount) > 1) {
            FloatBuffer own = engine.gradient(part.leaf());
            gradient.put(part.from() * WIDTH, own, 0, own.remaining());
        }
    }

    @Override
    public void close() {
        tables.close();
        lanes.close();
        engine.close();
    }
}
