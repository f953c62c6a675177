package io.github.corymb.train;

import io.github.corymb.Experiment;
import io.github.corymb.embedding.EmbeddingLookup;
import io.github.corymb.feature.Batch;
import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.FittedTask;
import io.github.corymb.model.MultiTaskModel;
import io.github.corymb.model.OutputBias;
import io.github.corymb.model.TaskHead;
import io.github.corymb.tensor.Tensor;
import io.github.corymb.tensor.torch.Step;
import io.github.corymb.tensor.torch.TorchEngine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/// A model with its input: the pooled rows of one set of embedding tables, or of one set a task, beside the numeric
/// inputs.
///
///     x = [e ; v]          e [B, ΣD] from the tables, v [B, N] from the numeric features
///
/// Used by one thread. It borrows the engine and the tables; whoever made those closes them.
final class Network {

    private final TorchEngine engine;
    private final MultiTaskModel model;
    private final int embeddingWidth; // ΣD
    private final List<FloatBuffer> leafBuffers = new ArrayList<>(); // one a set of tables: [B, ΣD], grows

    Network(TorchEngine engine, Experiment experiment, FeatureSchema schema, List<FittedTask> tasks) {
        this.engine = engine;
        this.embeddingWidth = schema.embeddingWidth();
        int inputWidth = embeddingWidth + schema.numericWidth(); // D
        OutputBias start = experiment.train().outputBias();
        this.model = experiment
                .model()
                .build(
                        engine.parameters(),
                        inputWidth,
                        tasks.stream().map(task -> TaskHead.of(task, start)).toList());
    }

    /// How the rows of one set come into its leaf's buffer.
    @FunctionalInterface
    interface Gathering {
        void gather(int set, FloatBuffer leaf);
    }

    /// The embedded input of each set, as leaves of the open step. // [B, ΣD] each
    List<Tensor> leaves(int rowCount, int setCount, Gathering gathering) {
        List<Tensor> leaves = new ArrayList<>(setCount);
        for (int set = 0; set < setCount; set++) {
            FloatBuffer buffer = buffer(set, Math.multiplyExact(rowCount, embeddingWidth));
            gathering.gather(set, buffer);
            leaves.add(engine.leaf(buffer, rowCount, embeddingWidth)); // [B, ΣD]
        }
        return leaves;
    }

    /// The outputs of all tasks, in the open step.
    List<Tensor> forward(Batch batch, List<Tensor> leaves) {
        if (batch.numericWidth() == 0) {
            return engine.forward(() -> model.forward(leaves));
        }
        Tensor numeric = engine.constant(batch.numeric(), batch.rowCount(), batch.numericWidth()); // [B, N]
        List<Tensor> inputs = leaves.stream()
                .map(leaf -> embeddingWidth == 0 ? numeric : leaf.concat(List.of(numeric), 1)) // [B, D]
                .toList();
        return engine.forward(() -> model.forward(inputs));
    }

    /// The outputs of all tasks for a batch, without gradients. // outputs[k]: [B, width]
    void predict(Batch batch, List<? extends EmbeddingLookup> lookups, float[][] outputs) {
        try (Step _ = engine.step(0, false)) {
            List<Tensor> leaves = leaves(
                    batch.rowCount(),
                    lookups.size(),
                    (set, leaf) -> lookups.get(set).gather(batch, leaf));
            List<Tensor> results = forward(batch, leaves);
            for (int k = 0; k < outputs.length; k++) {
                engine.read(results.get(k), outputs[k]);
            }
        }
    }

    private FloatBuffer buffer(int set, int size) {
        if (set == leafBuffers.size()) {
            leafBuffers.add(allocate(size));
        } else if (leafBuffers.get(set).capacity() < size) {
            leafBuffers.set(set, allocate(size));
        }
        return leafBuffers.get(set).clear();
    }

    private static FloatBuffer allocate(int size) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(size, Float.BYTES))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }
}
