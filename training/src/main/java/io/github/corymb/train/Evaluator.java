package io.github.corymb.train;

import io.github.corymb.data.Dataset;
import io.github.corymb.data.LabelledBatch;
import io.github.corymb.data.Split;
import io.github.corymb.embedding.EmbeddingLookup;
import io.github.corymb.feature.Batch;
import io.github.corymb.feature.FittedTask;
import java.util.List;
import java.util.stream.IntStream;

/// Predicts all rows of a split and keeps what metrics are computed from.
///
/// Used by one thread.
final class Evaluator {

    /// Rows of a batch. Metrics do not depend on it; larger batches take more memory than they save time.
    static final int BATCH_ROW_COUNT = 4096;

    /// What computes the outputs of all tasks for a batch. // outputs[k]: [B, width]
    @FunctionalInterface
    interface Scoring {
        void score(Batch batch, float[][] outputs);
    }

    private final Scoring scoring;
    private final ScoreCollector.Rule rule;
    private final List<FittedTask> tasks;
    private final boolean hasUsers;

    Evaluator(Network network, List<? extends EmbeddingLookup> lookups, List<FittedTask> tasks, boolean hasUsers) {
        this((batch, outputs) -> network.predict(batch, lookups, outputs), FittedTask::predict, tasks, hasUsers);
    }

    Evaluator(Scoring scoring, ScoreCollector.Rule rule, List<FittedTask> tasks, boolean hasUsers) {
        this.scoring = scoring;
        this.rule = rule;
        this.tasks = tasks;
        this.hasUsers = hasUsers;
    }

    Evaluation evaluate(Dataset dataset, Split split) {
        int rowCount = dataset.rowCount(split);
        LabelledBatch batch = dataset.batch();
        List<ScoreCollector> collectors = tasks.stream()
                .map(task -> new ScoreCollector(task, rule, rowCount, hasUsers))
                .toList();
        float[][] outputs = outputs(tasks); // [K][B · width]
        for (int from = 0; from < rowCount; from += BATCH_ROW_COUNT) {
            dataset.fill(split, null, from, Math.min(BATCH_ROW_COUNT, rowCount - from), batch);
            scoring.score(batch.inputs(), outputs);
            for (int k = 0; k < outputs.length; k++) {
                collectors
                        .get(k)
                        .add(outputs[k], batch.labels()[k], batch.weights()[k], batch.users(), batch.rowCount(), from);
            }
        }
        return new Evaluation(collectors.stream().map(ScoreCollector::scores).toList());
    }

    /// Room for the outputs of one batch. // [K][B · width]
    static float[][] outputs(List<FittedTask> tasks) {
        return IntStream.range(0, tasks.size())
                .mapToObj(k -> new float[BATCH_ROW_COUNT * tasks.get(k).width()])
                .toArray(float[][]::new);
    }
}
