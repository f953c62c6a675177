package io.github.corymb.train;

import io.github.corymb.data.Dataset;
import io.github.corymb.data.LabelledBatch;
import io.github.corymb.data.Split;
import io.github.corymb.embedding.EmbeddingLookup;
import io.github.corymb.feature.FittedTask;
import java.util.List;
import java.util.stream.IntStream;

/// Predicts all rows of a split and keeps what metrics are computed from.
///
/// Used by one thread.
final class Evaluator {

    /// Rows of a batch. Metrics do not depend on it; larger batches take more memory than they save time.
    static final int BATCH_ROW_COUNT = 4096;

    private final Network network;
    private final List<? extends EmbeddingLookup> lookups;
    private final List<FittedTask> tasks;

    private final boolean hasUsers;

    Evaluator(Network network, List<? extends EmbeddingLookup> lookups, List<FittedTask> tasks, boolean hasUsers) {
        this.hasUsers = hasUsers;
        this.network = network;
        this.lookups = lookups;
        this.tasks = tasks;
    }

    Evaluation evaluate(Dataset dataset, Split split) {
        int rowCount = dataset.rowCount(split);
        LabelledBatch batch = dataset.batch();
        List<ScoreCollector> collectors = tasks.stream()
                .map(task -> new ScoreCollector(task, rowCount, hasUsers))
                .toList();
        float[][] outputs = outputs(tasks); // [K][B · width]
        for (int from = 0; from < rowCount; from += BATCH_ROW_COUNT) {
            dataset.fill(split, null, from, Math.min(BATCH_ROW_COUNT, rowCount - from), batch);
            network.predict(batch.inputs(), lookups, outputs);
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
