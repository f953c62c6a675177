package io.github.corymb.train;

import io.github.corymb.Experiment;
import io.github.corymb.embedding.DirectFloats;
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
    private final List<FloatBuffer> gradientBuffers = new ArrayList<>(); // the same

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

    /// ΣD.
    int embeddingWidth() {
        return embeddingWidth;
    }

    /// How the rows of one set come into its leaf's buffer.
    @FunctionalInterface
    interface Gathering {
        void gather(int set, FloatBuffer leaf);
    }

    /// Gathers the embedded input of each set for a batch, before its steps open. // [B, ΣD] each
    void gather(int rowCount, int setCount, Gathering gathering) {
        for (int set = 0; set < setCount; set++) {
            gathering.gather(set, buffer(leafBuffers, set, rowCount));
        }
    }

    /// Rows `from` to `to` of what was gathered, as leaves of the open step. // [to − from, ΣD] each
    List<Tensor> leaves(int from, int to, int setCount) {
        List<Tensor> leaves = new ArrayList<>(setCount);
        for (int set = 0; set < setCount; set++) {
            FloatBuffer rows = leafBuffers.get(set).slice(from * embeddingWidth, (to - from) * embeddingWidth);
            leaves.add(engine.leaf(rows, to - from, embeddingWidth));
        }
        return leaves;
    }

    /// Buffers for the gradients of what was gathered, of each set. // [B, ΣD] each
    List<FloatBuffer> gradients(int rowCount, int setCount) {
        for (int set = 0; set < setCount; set++) {
            buffer(gradientBuffers, set, rowCount).limit(rowCount * embeddingWidth);
        }
        return gradientBuffers;
    }

    /// The outputs of all tasks, in the open step, for the rows of a batch from `from` on that the leaves hold.
    List<Tensor> forward(Batch batch, int from, int to, List<Tensor> leaves) {
        int width = batch.numericWidth(); // N
        if (width == 0) {
            return engine.forward(() -> model.forward(leaves));
        }
        Tensor numeric = engine.constantFrom(from * width, batch.numeric(), to - from, width); // [B, N]
        List<Tensor> inputs = leaves.stream()
                .map(leaf -> embeddingWidth == 0 ? numeric : leaf.concat(List.of(numeric), 1)) // [B, D]
                .toList();
        return engine.forward(() -> model.forward(inputs));
    }

    /// The outputs of all tasks for a batch, without gradients. // outputs[k]: [B, width]
    void predict(Batch batch, List<? extends EmbeddingLookup> lookups, float[][] outputs) {
        int rowCount = batch.rowCount();
        gather(rowCount, lookups.size(), (set, leaf) -> lookups.get(set).gather(batch, leaf));
        try (Step _ = engine.step(0, false)) {
            List<Tensor> results = forward(batch, 0, rowCount, leaves(0, rowCount, lookups.size()));
            for (int k = 0; k < outputs.length; k++) {
                engine.read(results.get(k), outputs[k]);
            }
        }
    }

    /// A buffer for a set's [rowCount, ΣD] that stays from batch to batch and grows.
    private FloatBuffer buffer(List<FloatBuffer> buffers, int set, int rowCount) {
        int size = Math.multiplyExact(rowCount, embeddingWidth);
        if (set == buffers.size()) {
            buffers.add(null);
        }
        if (buffers.get(set) == null || buffers.get(set).capacity() < size) {
            buffers.set(set, DirectFloats.collected(size));
        }
        return buffers.get(set).clear();
    }
}
