package io.github.corymb.bench;

import io.github.corymb.Experiment;
import io.github.corymb.ExperimentReader;
import io.github.corymb.bundle.AtomicFiles;
import io.github.corymb.feature.InputException;
import io.github.corymb.tensor.NativeMemory;
import io.github.corymb.train.RunFolder;
import io.github.corymb.train.TrainListener;
import io.github.corymb.train.Trainer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// The process whose memory [MemorySuite] asks for: trains until the last of some steps, and prints after each what is
/// resident.
///
///     MemoryProbe EXPERIMENT.yaml STEP...
public final class MemoryProbe implements TrainListener {

    private static final String MARK = "resident:"; // begins each line that counts

    /// What the process holds after a step, in bytes.
    ///
    /// @param resident of all its memory
    /// @param heap that the JVM has set apart for objects, resident or not yet
    /// @param other that the JVM has set apart for compiled code and classes
    record Reading(long step, long resident, long heap, long other) {

        /// What is read from a line of the probe; empty where it tells of something else.
        static Optional<Reading> parse(String line) {
            if (!line.startsWith(MARK)) {
                return Optional.empty();
            }
            String[] words = line.split(" ", 5);
            return Optional.of(new Reading(
                    Long.parseLong(words[1]),
                    Long.parseLong(words[2]),
                    Long.parseLong(words[3]),
                    Long.parseLong(words[4])));
        }

        static Reading now(long step) {
            MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
            return new Reading(
                    step,
                    NativeMemory.residentBytes().orElseThrow(),
                    memory.getHeapMemoryUsage().getCommitted(),
                    memory.getNonHeapMemoryUsage().getCommitted());
        }

        String line() {
            return "%s %d %d %d %d".formatted(MARK, step, resident, heap, other);
        }
    }

    private final SortedSet<Long> steps = new TreeSet<>();
    private long step;

    private MemoryProbe(List<Long> steps) {
        this.steps.addAll(steps);
    }

    public static void main(String[] arguments) throws IOException {
        List<Long> steps = Arrays.stream(arguments).skip(1).map(Long::valueOf).toList();
        try {
            train(Path.of(arguments[0]), new MemoryProbe(steps));
        } catch (InputException mistake) {
            System.err.println(mistake.getMessage());
            System.exit(1);
        }
    }

    private static void train(Path file, MemoryProbe probe) throws IOException {
        Experiment experiment = ExperimentReader.read(file, List.of());
        Path folder = Files.createTempDirectory("corymb-bench-");
        try (Trainer trainer = new Trainer(
                experiment, RunFolder.create(folder.resolve("run")), probe, probe::isDone, InstantSource.system())) {
            trainer.train(false);
        } finally {
            AtomicFiles.deleteTree(folder);
        }
    }

    private boolean isDone() {
        return step >= steps.last();
    }

    @Override
    public void onStep(int epoch, long number, long totalSteps, int rows, List<Double> losses) {
        step = number;
        if (steps.contains(number)) {
            System.out.println(Reading.now(number).line());
        }
    }
}
