package io.github.corymb.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.corymb.Experiment;
import io.github.corymb.ExperimentReader;
import io.github.corymb.bundle.AtomicFiles;
import io.github.corymb.data.Dataset;
import io.github.corymb.data.Split;
import io.github.corymb.embedding.FrozenTable;
import io.github.corymb.embedding.FrozenTables;
import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

    @TempDir
    private Path folder;

    private RunMetrics train(Experiment experiment, String name) {
        return train(experiment, RunFolder.create(folder.resolve(name)), false, Long.MAX_VALUE)
                .orElseThrow();
    }

    /// Trains until `stopStep`, at which a stop is requested.
    private static Optional<RunMetrics> train(Experiment experiment, RunFolder run, boolean resume, long stopStep) {
        AtomicLong steps = new AtomicLong();
        TrainListener counter = new TrainListener() {
            @Override
            public void onStep(int epoch, long step, long totalSteps, int rows, List<Double> losses) {
                steps.set(step);
            }
        };
        try (Trainer trainer = new Trainer(experiment, run, counter, () -> steps.get() >= stopStep, CLOCK)) {
            return trainer.train(resume);
        }
    }

    @Test
    void theSameSeedGivesTheSameMetricsAndAnotherSeedOthers() {
        RunMetrics first = train(SampleExperiment.with(), "first");
        assertEquals(first.tasks(), train(SampleExperiment.with(), "second").tasks());
        assertFalse(first.tasks()
                .equals(train(SampleExperiment.with("seed=8"), "third").tasks()));
    }

    @Test
    void rowsDividedAmongThreadsLearnTheSame() {
        String[] settings = {"train.batch=512", "model.dropout=0", "train.threads=1"};
        RunMetrics one = train(SampleExperiment.with(settings), "one");
        settings[2] = "train.threads=3";
        RunMetrics three = train(SampleExperiment.with(settings), "three");
        assertEquals(
                three.tasks(), train(SampleExperiment.with(settings), "again").tasks());
        for (String task : one.tasks().keySet()) {
            one.metrics(task, "test")
                    .forEach((metric, value) ->
                            assertEquals(value, three.metrics(task, "test").get(metric), 2e-3, task + "." + metric));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 5, 11, 12, 25})
    void aRunStoppedAtAnyStepEndsAsOneNeverStopped(long stopStep) throws IOException {
        Experiment experiment = SampleExperiment.with("train.checkpoint.steps=4", "train.schedule.type=plateau");
        RunFolder whole = RunFolder.create(folder.resolve("whole"));
        RunMetrics expected = train(experiment, whole, false, Long.MAX_VALUE).orElseThrow();
        RunFolder stopped = RunFolder.create(folder.resolve("stopped"));
        assertTrue(train(experiment, stopped, false, stopStep).isEmpty());
        Path left = AtomicFiles.createPartialFolder(stopped.checkpoints().resolve("step-000000099")); // by a kill
        RunMetrics resumed = train(experiment, stopped, true, Long.MAX_VALUE).orElseThrow();

        assertTrue(Files.notExists(left));
        assertEquals(expected.tasks(), resumed.tasks());
        assertEquals(expected.bestEpoch(), resumed.bestEpoch());
        assertEquals(losses(whole), losses(stopped));
        for (String file : List.of("dense.safetensors", "tables/user_id.rows")) {
            assertEquals(
                    -1,
                    Files.mismatch(
                            whole.bundle().resolve(file), stopped.bundle().resolve(file)),
                    file);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 13})
    void aRunWhoseRowsComeAndGoEndsTheSameWhenStopped(long stopStep) throws IOException {
        Experiment experiment = SampleExperiment.with(
                "train.checkpoint.steps=4",
                "tables.user_id={admission: {type: count, threshold: 2}, trim: {rows: 20}, evict_every: 3}",
                "tables.item_id={admission: {type: probability, threshold: 3}, expiry: {steps: 2, days: 100}}",
                "tables.tags={reset_each_epoch: true}",
                "train.table_memory=64MB");
        RunFolder whole = RunFolder.create(folder.resolve("whole"));
        RunMetrics expected = train(experiment, whole, false, Long.MAX_VALUE).orElseThrow();
        RunFolder stopped = RunFolder.create(folder.resolve("stopped"));
        assertTrue(train(experiment, stopped, false, stopStep).isEmpty());
        RunMetrics resumed = train(experiment, stopped, true, Long.MAX_VALUE).orElseThrow();
        assertEquals(expected.tasks(), resumed.tasks());
        for (String file : List.of("tables/user_id.rows", "tables/item_id.rows", "tables/tags.rows")) {
            assertEquals(
                    -1,
                    Files.mismatch(
                            whole.bundle().resolve(file), stopped.bundle().resolve(file)),
                    file);
        }
        try (TrainedModel model = TrainedModel.open(folder.resolve("whole"))) {
            FrozenTable users = model.tables().getFirst().tables().getFirst();
            assertEquals(20, users.rowCount());
            assertTrue(users.tally().trimmedCount() > 0, users.tally().toString());
            assertTrue(users.tally().admittedShare() < 1, users.tally().toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{type: mmoe}", "{type: single_task}"})
    void aTableWithADotInItsNameIsKeptToItsSize(String model) throws IOException {
        train(
                SampleExperiment.with(
                        "model=" + model,
                        "features.user_id.table=shared.users",
                        "tables={shared.users: {trim: {rows: 20}}}"),
                "run");
        try (TrainedModel trained = TrainedModel.open(folder.resolve("run"))) {
            for (FrozenTables set : trained.tables()) {
                FrozenTable users = set.tables().stream()
                        .filter(table -> table.name().endsWith("shared.users"))
                        .findFirst()
                        .orElseThrow();
                assertEquals(20, users.rowCount(), users.name());
            }
        }
    }

    @Test
    void aTableAboveItsBoundEndsTheTrainingWithWhatToDo() {
        Experiment experiment = SampleExperiment.with("tables.user_id.memory=20KB");
        InputException refusal = assertThrows(InputException.class, () -> train(experiment, "run"));
        assertTrue(
                refusal.getMessage().startsWith("tables.user_id.memory: expected at most 20.0 KB, found that table"),
                refusal.getMessage());
    }

    /// The lines of history without what the machine decides.
    private static List<String> losses(RunFolder run) throws IOException {
        return Files.readAllLines(run.history()).stream()
                .map(line -> line.replaceAll("\"(rows_per_second|waiting_share|resident_bytes)\":[^,]*,", ""))
                .toList();
    }

    @Test
    void theResolvedExperimentReproducesTheRun() {
        RunMetrics expected = train(SampleExperiment.with("model.experts=3"), "first");
        Experiment resolved = ExperimentReader.read(folder.resolve("first").resolve("experiment.yaml"), List.of());
        assertEquals(expected.tasks(), train(resolved, "second").tasks());
    }

    @ParameterizedTest
    @ValueSource(strings = {"single_task", "shared_bottom", "omoe", "cgc", "ple"})
    void everyModelLearnsSaysWhatItIsWorthAndIsReadAgain(String model) throws IOException {
        Experiment experiment = SampleExperiment.with(
                "model={type: " + model + "}", "train.epochs=6", "train.dense.rate=0.002", "train.early_stopping=");
        RunMetrics metrics = train(experiment, model);
        List<Double> losses = clickLosses(folder.resolve(model).resolve("history.jsonl"));
        double first =
                losses.subList(0, 5).stream().mapToDouble(Double::doubleValue).sum();
        double last = losses.subList(losses.size() - 5, losses.size()).stream()
                .mapToDouble(Double::doubleValue)
                .sum();
        assertTrue(last < 0.95 * first, "loss of five steps: " + first + " first, " + last + " last");
        try (TrainedModel trained = TrainedModel.open(folder.resolve(model));
                Dataset dataset = Experiments.open(trained, null, List.of())) {
            Evaluation evaluation = trained.evaluate(dataset, Split.TEST);
            for (Evaluation.TaskScores scores : evaluation.tasks()) {
                Map<String, Double> expected = metrics.metrics(scores.task().name(), "test");
                assertEquals(expected, Evaluation.metrics(scores.task(), scores.scored()), "from the bundle alone");
            }
        }
    }

    private static List<Double> clickLosses(Path history) throws IOException {
        JsonMapper json = JsonMapper.builder().build();
        List<Double> losses = new ArrayList<>();
        for (String line : Files.readAllLines(history)) {
            JsonNode loss = json.readTree(line).at("/loss/click");
            if (loss.isNumber()) {
                losses.add(loss.doubleValue());
            }
        }
        return losses;
    }

    @Test
    void tasksOfASingleTaskModelLearnAsIfAlone() {
        String[] settings = {"model={type: single_task}", "train.early_stopping=", "train.epochs=2"};
        RunMetrics together = train(SampleExperiment.with(settings), "together");
        List<String> alone = new ArrayList<>(List.of(settings));
        alone.addAll(List.of("tasks.money=", "tasks.level="));
        RunMetrics single = train(SampleExperiment.with(alone.toArray(String[]::new)), "alone");
        assertEquals(single.metrics("click", "test"), together.metrics("click", "test"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"relu", "prelu", "gelu"})
    void bfloat16LearnsAsFloat32DoesToItsRounding(String activation) throws IOException {
        String[] settings = {"train.early_stopping=", "model.activation=" + activation, "model.normalisation=layer"};
        train(SampleExperiment.with(settings), "float32");
        List<String> narrow = new ArrayList<>(List.of(settings));
        narrow.add("train.precision=bfloat16");
        train(SampleExperiment.with(narrow.toArray(String[]::new)), "bfloat16");
        List<Double> expected = clickLosses(folder.resolve("float32").resolve("history.jsonl"));
        List<Double> found = clickLosses(folder.resolve("bfloat16").resolve("history.jsonl"));
        double rounding = 1.0 / 256; // of a factor, relative
        for (int step = 0; step < 4; step++) { // later the two trainings go their own ways
            assertEquals(expected.get(step), found.get(step), 3 * rounding * expected.get(step));
        }
        assertFalse(expected.equals(found), "the same numbers: nothing was rounded");
        assertTrue(found.getLast() < 0.95 * found.getFirst(), "it learns");
    }

    @ParameterizedTest
    @ValueSource(strings = {"train.batch=1400", "train.batch=1399", "train.batch=699", "train.batch=4000"})
    void aLastBatchOfOneRowIsLearnedFrom(String batch) {
        RunMetrics metrics = train(SampleExperiment.with(batch, "model.normalisation=batch", "train.epochs=1"), "run");
        assertTrue(metrics.value("click", "test", "log_loss").orElseThrow() < 1);
    }

    @Test
    void aTaskWithoutAPositiveRowIsWarnedOfAndShownAsNotDefined() {
        List<String> warnings = new ArrayList<>();
        TrainListener listener = new TrainListener() {
            @Override
            public void onWarning(String message) {
                warnings.add(message);
            }
        };
        Experiment experiment = SampleExperiment.with(
                "tasks.click.label=click AND moment < 1500", "train.early_stopping.metric=mean", "train.epochs=1");
        RunFolder run = RunFolder.create(folder.resolve("run"));
        try (Trainer trainer = new Trainer(experiment, run, listener, () -> false, CLOCK)) {
            RunMetrics metrics = trainer.train(false).orElseThrow();
            assertEquals(Optional.empty(), metrics.value("click", "test", "auc"));
            assertTrue(metrics.metrics("click", "test").containsKey("auc"));
        }
        assertEquals(List.of("task 'click': no positive row in test"), warnings);
        assertEquals(Optional.empty(), RunMetrics.read(run.metrics()).value("click", "test", "auc"));
    }

    @Test
    void onlyTheNewestCheckpointsAndTheBestModelTheyNameAreKept() throws IOException {
        train(SampleExperiment.with("train.checkpoint.steps=3", "train.checkpoint.keep=2"), "run");
        try (Stream<Path> entries = Files.list(folder.resolve("run").resolve("checkpoint"))) {
            List<String> names =
                    entries.map(path -> path.getFileName().toString()).sorted().toList();
            assertEquals(
                    2, names.stream().filter(name -> name.startsWith("step-")).count(), names.toString());
            assertTrue(names.stream().filter(name -> name.startsWith("best-")).count() <= 2, names.toString());
            assertTrue(names.stream().noneMatch(name -> name.contains(".partial")), names.toString());
        }
    }

    @Test
    void aCheckpointOfAnotherFormatVersionIsRefused() throws IOException {
        Experiment experiment = SampleExperiment.with();
        RunFolder run = RunFolder.create(folder.resolve("run"));
        train(experiment, run, false, 3);
        Path state = run.checkpoints().resolve("step-000000003").resolve("state.json");
        Files.writeString(state, Files.readString(state).replace("\"format_version\":1", "\"format_version\":9"));
        InputException refusal = assertThrows(InputException.class, () -> train(experiment, run, true, Long.MAX_VALUE));
        assertTrue(refusal.getMessage().endsWith("state.json: expected format version 1, found 9"));
    }

    @Test
    void aFolderThatIsNotEmptyIsRefused() throws IOException {
        Files.writeString(folder.resolve("something"), "");
        InputException refusal = assertThrows(InputException.class, () -> RunFolder.create(folder));
        assertTrue(refusal.getMessage().contains("expected a new or empty folder"), refusal.getMessage());
    }
}
