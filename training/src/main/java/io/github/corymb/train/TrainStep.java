package io.github.corymb.train;

import io.github.corymb.balance.LossBalancer;
import io.github.corymb.data.LabelledBatch;
import io.github.corymb.embedding.EmbeddingTables;
import io.github.corymb.loss.TaskLoss;
import io.github.corymb.tensor.Tensor;
import io.github.corymb.tensor.torch.Step;
import io.github.corymb.tensor.torch.TorchEngine;
import io.github.corymb.tensor.torch.TorchOptimizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One step of training: gather, forward, loss, backward, and the updates of parameters and tables.
///
///     L = Σ_k w_k L_k          w_k from the balancer
///
/// Used by one thread; it borrows all it is given.
final class TrainStep {

    private final TorchEngine engine;
    private final Network network;
    private final TableSets tables;
    private final List<TaskLoss> losses;
    private final LossBalancer balancer;
    private final TorchOptimizer optimizer;
    private final Double gradientClip; // of the dense parameters' norm; null for none

    TrainStep(
            TorchEngine engine,
            Network network,
            TableSets tables,
            List<TaskLoss> losses,
            LossBalancer balancer,
            TorchOptimizer optimizer,
            Double gradientClip) {
        this.engine = engine;
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

    /// Learns from a batch. Where a loss or a gradient is infinite or no number, no parameter, buffer, optimizer state
    /// or row changes; keys never met before have their rows all the same.
    ///
    /// @param number the step, counted from 1
    /// @param rateScale factor of all rates
    Result run(LabelledBatch batch, long number, double rateScale) {
        int rowCount = batch.rowCount();
        List<EmbeddingTables> sets = tables.sets();
        engine.parameters().rememberBuffers();
        try (Step _ = engine.step(number, true)) {
            List<Tensor> leaves = network.leaves(
                    rowCount, sets.size(), (set, leaf) -> sets.get(set).gather(batch.inputs(), leaf, true)); // [B, ΣD]
            List<Tensor> outputs = network.forward(batch.inputs(), leaves);
            List<Tensor> taskLosses = taskLosses(batch, outputs);
            double[] values = engine.scalars(taskLosses); // [K]
            if (!Arrays.stream(values).allMatch(Double::isFinite)) {
                return refused(values);
            }
            double[] weights = balancer.weights(values); // [K]
            Tensor total = taskLosses.getFirst().multiply(weights[0]); // []
            for (int k = 1; k < weights.length; k++) {
                total = total.add(taskLosses.get(k).multiply(weights[k]));
            }
            engine.zeroGradients();
            engine.backward(total);
            if (!engine.hasFiniteGradients(leaves)) {
                return refused(values);
            }
            if (gradientClip != null) {
                optimizer.clipGradientNorm(gradientClip);
            }
            optimizer.step(rateScale);
            for (int set = 0; set < sets.size(); set++) {
                sets.get(set).update(engine.gradient(leaves.get(set)), rateScale, number);
            }
            return Result.of(values, false);
        }
    }

    private Result refused(double[] losses) {
        tables.sets().forEach(EmbeddingTables::skipUpdate);
        engine.parameters().restoreBuffers(); // batch normalisation has taken the batch's moments in
        return Result.of(losses, true);
    }

    private List<Tensor> taskLosses(LabelledBatch batch, List<Tensor> outputs) {
        List<Tensor> taskLosses = new ArrayList<>();
        for (int k = 0; k < losses.size(); k++) {
            Tensor label = engine.constant(batch.labels()[k], batch.rowCount(), 1); // [B, 1]
            Tensor weight = engine.constant(batch.weights()[k], batch.rowCount(), 1); // [B, 1]
            int labelled = labelledRowCount(batch.weights()[k], batch.rowCount());
            taskLosses.add(losses.get(k).forward(outputs.get(k), label, weight, labelled)); // []
        }
        return taskLosses;
    }

    private static int labelledRowCount(float[] weights, int rowCount) {
        int count = 0;
        for (int b = 0; b < rowCount; b++) {
            count += weights[b] > 0 ? 1 : 0;
        }
        return count;
    }
}
