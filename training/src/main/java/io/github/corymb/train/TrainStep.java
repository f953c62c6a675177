package io.github.corymb.train;

import io.github.corymb.balance.LossBalancer;
import io.github.corymb.data.LabelledBatch;
import io.github.corymb.embedding.EmbeddingTables;
import io.github.corymb.loss.TaskLoss;
import io.github.corymb.tensor.Tensor;
import io.github.corymb.tensor.torch.Lanes;
import io.github.corymb.tensor.torch.TorchEngine;
import io.github.corymb.tensor.torch.TorchOptimizer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One step of training: gather, forward, loss, backward, and the updates of parameters and tables.
///
///     L = Σ_k w_k L_k          w_k from the balancer
///
/// Forward and backward run in [Lanes], each over a part of the rows; losses and gradients are the sums of theirs.
///
/// Used by one thread; it borrows all it is given.
final class TrainStep {

    private final TorchEngine engine;
    private final Lanes lanes;
    private final Network network;
    private final TableSets tables;
    private final List<TaskLoss> losses;
    private final LossBalancer balancer;
    private final TorchOptimizer optimizer;
    private final Double gradientClip; // of the dense parameters' norm; null for none

    TrainStep(
            TorchEngine engine,
            Lanes lanes,
            Network network,
            TableSets tables,
            List<TaskLoss> losses,
            LossBalancer balancer,
            TorchOptimizer optimizer,
            Double gradientClip) {
        this.engine = engine;
        this.lanes = lanes;
        this.network = network;
        this.tables = tables;
        this.losses = losses;
        this.balancer = balancer;
        this.optimizer = optimizer;
        this.gradientClip = gradientClip;
    }

    /// What a step came to.
    ///
    /// @param losses of each task, before the update
    /// @param refused whether a loss or a gradient was no number, so that nothing was learned
    record Result(List<Double> losses, boolean refused) {

        static Result of(double[] losses, boolean refused) {
            return new Result(Arrays.stream(losses).boxed().toList(), refused);
        }
    }

    /// What a lane has of a batch: its B' rows from `from` on.
    ///
    /// @param leaves one a set of tables // [B', ΣD]
    /// @param taskLosses its part of each L_k // K × []
    private record Part(int from, List<Tensor> leaves, List<Tensor> taskLosses) {}

    /// Learns from a batch. Where a loss or a gradient is infinite or no number, no parameter, buffer, optimizer state
    /// or row changes; keys never met before have their rows all the same.
    ///
    /// @param number the step, counted from 1
    /// @param rateScale factor of all rates
    Result run(LabelledBatch batch, long number, double rateScale) {
        List<EmbeddingTables> sets = tables.sets();
        int rowCount = batch.rowCount();
        engine.parameters().rememberBuffers();
        network.gather(rowCount, sets.size(), (set, leaf) -> sets.get(set).gather(batch.inputs(), leaf, true));
        int[] labelled = labelledRowCounts(batch); // [K]
        Part[] parts = new Part[lanes.count(rowCount)];
        try {
            double[][] ofLanes = new double[parts.length][]; // [lanes, K]
            lanes.run(parts.length, lane -> {
                parts[lane] = forward(batch, labelled, number, lane, parts.length);
                ofLanes[lane] = engine.scalars(parts[lane].taskLosses());
            });
            double[] values = new double[losses.size()]; // [K]
            Arrays.setAll(
                    values,
                    k -> Arrays.stream(ofLanes).mapToDouble(one -> one[k]).sum());
            if (!Arrays.stream(values).allMatch(Double::isFinite)) {
                return refused(values);
            }
            double[] weights = balancer.weights(values); // [K]
            List<FloatBuffer> gradients = parts.length == 1 ? null : network.gradients(rowCount, sets.size());
            boolean[] finite = new boolean[parts.length];
            lanes.run(parts.length, lane -> finite[lane] = backward(parts[lane], weights, gradients));
            for (boolean one : finite) {
                if (!one) {
                    return refused(values);
                }
            }
            engine.joinGradients(parts.length);
            if (gradientClip != null) {
                optimizer.clipGradientNorm(gradientClip);
            }
            optimizer.step(rateScale, lanes, parts.length);
            for (int set = 0; set < sets.size(); set++) {
                FloatBuffer gradient = gradients == null
                        ? engine.gradient(parts[0].leaves().get(set)) // [B, ΣD]
                        : gradients.get(set);
                sets.get(set).update(gradient, rateScale, number);
            }
            return Result.of(values, false);
        } finally {
            lanes.run(parts.length, engine::closeStep);
        }
    }

    /// The losses of the rows that are a lane's, in a step that stays open.
    ///
    /// @param labelled how many rows of all lanes carry a label of each task // [K]
    private Part forward(LabelledBatch batch, int[] labelled, long number, int lane, int laneCount) {
        int from = (int) ((long) batch.rowCount() * lane / laneCount);
        int to = (int) ((long) batch.rowCount() * (lane + 1) / laneCount);
        engine.openStep(number, true, lane);
        List<Tensor> leaves = network.leaves(from, to, tables.sets().size()); // [B, ΣD]
        List<Tensor> outputs = network.forward(batch.inputs(), from, to, leaves);
        List<Tensor> taskLosses = new ArrayList<>();
        for (int k = 0; k < losses.size(); k++) {
            Tensor label = engine.constantFrom(from, batch.labels()[k], to - from, 1); // [B, 1]
            Tensor weight = engine.constantFrom(from, batch.weights()[k], to - from, 1); // [B, 1]
            taskLosses.add(losses.get(k).forward(outputs.get(k), label, weight, labelled[k])); // []
        }
        return new Part(from, leaves, taskLosses);
    }

    /// The gradients of a lane's losses; false where one is no number.
    ///
    /// @param gradients where those of the leaves go; null where they stay
    private boolean backward(Part part, double[] weights, List<FloatBuffer> gradients) {
        Tensor total = part.taskLosses().getFirst().multiply(weights[0]); // []
        for (int k = 1; k < weights.length; k++) {
            total = total.add(part.taskLosses().get(k).multiply(weights[k]));
        }
        engine.zeroGradients();
        engine.backward(total);
        for (int set = 0; gradients != null && set < gradients.size(); set++) {
            FloatBuffer own = engine.gradient(part.leaves().get(set));
            gradients.get(set).put(part.from() * network.embeddingWidth(), own, 0, own.remaining());
        }
        return engine.hasFiniteGradients(part.leaves());
    }

    private Result refused(double[] losses) {
        tables.sets().forEach(EmbeddingTables::skipUpdate);
        engine.parameters().restoreBuffers(); // batch normalisation has taken the batch's moments in
        return Result.of(losses, true);
    }

    private static int[] labelledRowCounts(LabelledBatch batch) {
        int[] counts = new int[batch.weights().length]; // [K]
        for (int k = 0; k < counts.length; k++) {
            for (int b = 0; b < batch.rowCount(); b++) {
                counts[k] += batch.weights()[k][b] > 0 ? 1 : 0;
            }
        }
        return counts;
    }
}
