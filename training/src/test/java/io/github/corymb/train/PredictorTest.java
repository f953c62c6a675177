package io.github.corymb.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.corymb.data.Dataset;
import io.github.corymb.data.Split;
import io.github.corymb.metric.Auc;
import io.github.corymb.metric.Scored;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictorTest {

    private static final String TEST_ROWS =
            "SELECT *, click AS clicked FROM (" + SampleExperiment.SOURCE + ") WHERE moment >= 1600 ORDER BY moment";

    @TempDir
    private Path folder;

    private Path train() {
        RunFolder run = RunFolder.create(folder.resolve("run"));
        try (Trainer trainer =
                new Trainer(SampleExperiment.with(), run, TrainListener.NONE, () -> false, InstantSource.system())) {
            trainer.train(false);
        }
        return run.path();
    }

    @Test
    void aMetricByHandOverPredictionsEqualsTheEvaluationToTheLastDigit() throws IOException {
        Path run = train();
        Path file = folder.resolve("scores.csv");
        try (TrainedModel model = TrainedModel.open(run)) {
            assertEquals(400, new Predictor(model).predict(TEST_ROWS, List.of("clicked"), file));
        }
        List<String[]> rows = Files.readAllLines(file).stream()
                .skip(1)
                .map(line -> line.split(",", 4))
                .filter(cells -> !cells[0].isEmpty())
                .toList();
        double[] labels = rows.stream()
                .mapToDouble(cells -> cells[0].equals("true") ? 1 : 0)
                .toArray();
        double[] predictions =
                rows.stream().mapToDouble(cells -> Double.parseDouble(cells[1])).toArray();
        double byHand = new Auc().compute(Scored.binary(predictions, labels)).orElseThrow();
        double logLossByHand = -IntStream.range(0, labels.length)
                        .mapToDouble(i -> Math.log(labels[i] == 1 ? predictions[i] : 1 - predictions[i]))
                        .sum()
                / labels.length;
        RunMetrics metrics = RunMetrics.read(run.resolve("metrics.json"));
        assertEquals(metrics.value("click", "test", "auc").orElseThrow(), byHand, 0);
        assertEquals(metrics.value("click", "test", "log_loss").orElseThrow(), logLossByHand, 1e-12);
    }

    @Test
    void idsNeverSeenAreSafeAndCounted() {
        Path run = train();
        try (TrainedModel model = TrainedModel.open(run)) {
            String source = "SELECT 'nobody' AS user_id, 0 AS item_id, 'a|new' AS tags, [99] AS history, 1.0 AS price";
            assertEquals(1, new Predictor(model).predict(source, List.of(), folder.resolve("new.parquet")));
            assertEquals(3, model.unknownCount(), "a user, a tag and an item of the history");
        }
    }

    @Test
    void predictionDoesNotDependOnTheRowsBesideIt() {
        Path run = train();
        try (TrainedModel model = TrainedModel.open(run);
                Dataset all = Experiments.open(model, TEST_ROWS, List.of());
                Dataset one = Experiments.open(model, TEST_ROWS + " LIMIT 1", List.of())) {
            double[][] many = predictions(model, all, 100);
            double[][] alone = predictions(model, one, 1);
            for (int k = 0; k < alone.length; k++) {
                assertEquals(alone[k][0], many[k][0], 1e-6);
            }
        }
    }

    private static double[][] predictions(TrainedModel model, Dataset dataset, int count) {
        var batch = dataset.batch();
        dataset.fill(Split.TEST, null, 0, count, batch);
        double[][] predictions = model.tasks().stream()
                .map(task -> new double[count * task.width()])
                .toArray(double[][]::new);
        model.predict(batch.inputs(), predictions);
        return predictions;
    }
}
