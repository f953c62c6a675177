package io.github.corymb.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.Experiment;
import io.github.corymb.bundle.Safetensors;
import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefusedStepsTest {

    @TempDir
    private Path folder;

    private RunMetrics train(Experiment experiment, RunFolder run) {
        try (Trainer trainer =
                new Trainer(experiment, run, TrainListener.NONE, () -> false, InstantSource.fixed(Instant.EPOCH))) {
            return trainer.train(false).orElseThrow();
        }
    }

    /// One row's label is so large that its squared error is beyond float32.
    private static Experiment withOneOverflow(String... more) {
        String[] settings = {
            "tasks.money={type: regression, label: \"CASE WHEN moment = 5 THEN 1e30 ELSE spent END\"}",
            "train.output_bias=zero",
            "train.epochs=2",
            "model.normalisation=batch",
            "train.early_stopping="
        };
        return SampleExperiment.with(
                Stream.of(settings, more).flatMap(Stream::of).toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"float32", "bfloat16"})
    void aStepWhoseLossIsNoNumberIsLeftOutAndCounted(String precision) throws IOException {
        RunFolder run = RunFolder.create(folder.resolve("run"));
        RunMetrics metrics = train(withOneOverflow("train.precision=" + precision), run);
        assertEquals(2, metrics.refusedSteps(), "once an epoch");
        assertEquals(2, RunMetrics.read(run.metrics()).refusedSteps());
        assertTrue(metrics.value("click", "test", "log_loss").orElseThrow() < 1);
        assertTrue(metrics.seconds().waiting() <= metrics.seconds().train());
        assertEquals(
                2,
                Files.readAllLines(run.history()).stream()
                        .filter(line -> line.contains("\"money\":null"))
                        .count());
        assertFalse(Files.exists(run.refused()));
    }

    @Test
    void trainingEndsAfterSoManyInARowWithTheBatchAndWithoutAChange() throws IOException {
        RunFolder run = RunFolder.create(folder.resolve("run"));
        Experiment experiment = SampleExperiment.with(
                "train.dense={optimizer: sgd, rate: 1e30}",
                "train.non_finite_limit=4",
                "train.checkpoint.steps=1",
                "train.checkpoint.keep=100");
        InputException end = assertThrows(InputException.class, () -> train(experiment, run));
        assertTrue(end.getMessage()
                .matches("train: expected finite losses and gradients, found .* in 4 steps in a row.*"));
        assertTrue(end.getMessage().contains(run.refused().toString()), end.getMessage());
        assertEquals(
                128,
                Safetensors.open(run.refused())
                        .tensors()
                        .get("batch.label.0")
                        .shape()
                        .getFirst());
        assertEquals(-1, mismatch(run, 1, 4, "dense.safetensors"));
        assertEquals(-1, mismatch(run, 1, 4, "optimizer.safetensors"));
    }

    private static long mismatch(RunFolder run, int first, int second, String file) throws IOException {
        return Files.mismatch(
                run.checkpoints().resolve("step-%09d".formatted(first)).resolve(file),
                run.checkpoints().resolve("step-%09d".formatted(second)).resolve(file));
    }
}
