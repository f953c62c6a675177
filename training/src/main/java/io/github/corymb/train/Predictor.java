package io.github.corymb.train;

import io.github.corymb.data.Dataset;
import io.github.corymb.data.LabelledBatch;
import io.github.corymb.data.PredictionWriter;
import io.github.corymb.data.Split;
import java.nio.file.Path;
import java.util.List;

/// Predicts all tasks for the rows of a source and writes them to a file.
public final class Predictor {

    private final TrainedModel model;

    /// @param model borrowed
    public Predictor(TrainedModel model) {
        this.model = model;
    }

    /// Writes one column a task, in the order of the source's rows, after the columns kept.
    ///
    /// @param source SQL or a file; labels are not needed
    /// @param keep columns of the source to carry over
    /// @param out ends in `.parquet` or `.csv`
    /// @return how many rows
    public long predict(String source, List<String> keep, Path out) {
        PredictionWriter.checkEnding(out);
        try (Dataset dataset = Experiments.openToPredict(model, source, keep);
                PredictionWriter writer = new PredictionWriter(dataset, out)) {
            int rowCount = dataset.rowCount(Split.TEST);
            int batchRowCount = TrainedModel.batchRowCount();
            LabelledBatch batch = dataset.batch();
            double[][] predictions = model.tasks().stream()
                    .map(task -> new double[batchRowCount * task.width()])
                    .toArray(double[][]::new); // [K][B · width]
            for (int from = 0; from < rowCount; from += batchRowCount) {
                int count = Math.min(batchRowCount, rowCount - from);
                dataset.fill(Split.TEST, null, from, count, batch);
                model.predict(batch.inputs(), predictions);
                writer.add(predictions, count);
            }
            writer.finish();
            return rowCount;
        }
    }
}
