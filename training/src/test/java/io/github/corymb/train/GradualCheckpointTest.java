package io.github.corymb.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.Experiment;
import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradualCheckpointTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
    private static final long STEPS_OF_EPOCH = 88; // ⌈1400 / 16⌉

    @TempDir
    private Path folder;

    private static Experiment experiment(String tables) {
        return SampleExperiment.with(
                "train.batch=16",
                "train.epochs=2",
                "train.checkpoint={steps: 1, keep: 1000, while_training: true}",
                "tables.user_id=" + tables);
    }

    private static RunMetrics train(Experiment experiment, RunFolder run, TrainListener listener, boolean resume) {
        try (Trainer trainer = new Trainer(experiment, run, listener, () -> false, CLOCK)) {
            return trainer.train(resume).orElseThrow();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{storage: float32}",
                "{admission: {type: count, threshold: 2}, trim: {rows: 20}, evict_every: 3}"
            })
    void aRunGoesOnFromAnyOfThemAsOneNeverStopped(String tables) throws IOException {
        RunFolder whole = RunFolder.create(folder.resolve("whole"));
        List<Path> written = new ArrayList<>();
        TrainListener listener = new TrainListener() {
            @Override
            public void onCheckpoint(Path checkpoint) {
                written.add(checkpoint);
            }
        };
        RunMetrics expected = train(experiment(tables), whole, listener, false);
        List<Path> gradual = written.stream()
                .filter(path -> step(path) % STEPS_OF_EPOCH != 0)
                .toList();
        assertFalse(gradual.isEmpty(), written.toString());

        for (Path checkpoint : new LinkedHashSet<>(List.of(gradual.getFirst(), gradual.getLast()))) { // one if slow
            RunFolder resumed = RunFolder.create(folder.resolve("resumed-" + step(checkpoint)));
            copyUpTo(checkpoint, whole.checkpoints(), resumed.checkpoints());
            assertEquals(
                    expected.tasks(),
                    train(experiment(tables), resumed, TrainListener.NONE, true).tasks());
            for (String file : List.of("dense.safetensors", "tables/user_id.rows", "tables/item_id.rows")) {
                assertEquals(
                        -1,
                        Files.mismatch(
                                whole.bundle().resolve(file), resumed.bundle().resolve(file)),
                        file);
            }
        }
    }

    @Test
    void nothingPartialIsLeft() throws IOException {
        RunFolder run = RunFolder.create(folder.resolve("run"));
        train(experiment("{storage: float32}"), run, TrainListener.NONE, false);
        try (Stream<Path> entries = Files.list(run.checkpoints())) {
            assertTrue(entries.noneMatch(entry -> entry.toString().contains("partial")));
        }
    }

    @Test
    void aDiskThatRefusesIsOneLineThatNamesTheLastGoodOne() {
        RunFolder run = RunFolder.create(folder.resolve("run"));
        TrainListener vandal = new TrainListener() {
            @Override
            public void onCheckpoint(Path checkpoint) {
                try (Stream<Path> entries = Files.list(run.checkpoints())) {
                    for (Path partial : entries.filter(entry -> entry.toString().contains("partial"))
                            .toList()) {
                        Files.createDirectory(partial.resolve("dense.safetensors")); // where a file is to be
                    }
                } catch (IOException _) {
                    return; // the file or its folder's name came first; the next step goes on
                }
            }

            @Override
            public void onStep(int epoch, long step, long totalSteps, int rows, List<Double> losses) {
                if (step > 4) {
                    onCheckpoint(run.checkpoints());
                }
            }
        };
        String message = assertThrows(
                        InputException.class, () -> train(experiment("{storage: float32}"), run, vandal, false))
                .getMessage();
        assertTrue(message.contains(": cannot be written: "), message);
    }

    private static long step(Path checkpoint) {
        return Long.parseLong(checkpoint.getFileName().toString().substring("step-".length()));
    }

    /// As if the process had been killed when a checkpoint stood.
    private static void copyUpTo(Path checkpoint, Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path relative = from.relativize(file);
                Path top = from.resolve(relative.getName(0));
                boolean isLater = top.getFileName().toString().startsWith("step-") && step(top) > step(checkpoint);
                if (!isLater) {
                    Files.createDirectories(to.resolve(relative).getParent());
                    Files.copy(file, to.resolve(relative));
                }
            }
        }
    }
}
