package io.github.corymb.bench;

import io.github.corymb.feature.InputException;
import io.github.corymb.tensor.NativeMemory;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Whether training keeps its memory: what a process of its own has resident after some numbers of steps of a small
/// model, with evaluations and checkpoints in between. The last by the one before it, after which everything is warm,
/// should be 1: the JVM compiles what a step calls once for the last time after 5,000 calls, and the C library keeps
/// the memory that its compiler worked in. The JVM's heap is resident from the start, so that what grows is what is
/// kept.
final class MemorySuite implements Suite {

    static final List<Long> STANDARD_STEPS = List.of(1_000L, 2_000L, 6_000L, 16_000L);

    private final Path experiment;
    private final List<Long> steps;

    /// @param experiment to train, of more steps than are asked for
    /// @param steps when to look, ascending, at least three
    MemorySuite(Path experiment, List<Long> steps) {
        if (steps.size() < 3 || !steps.equals(steps.stream().sorted().distinct().toList()) || steps.getFirst() < 1) {
            throw new IllegalArgumentException("steps: expected three or more that ascend from 1, found " + steps);
        }
        this.experiment = experiment;
        this.steps = steps;
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String purpose() {
        return "resident memory over many training steps";
    }

    @Override
    public void run(Session session) throws Exception {
        if (NativeMemory.residentBytes().isEmpty()) {
            session.note("resident memory", "skipped: the system does not tell");
            return;
        }
        Map<Long, MemoryProbe.Reading> readings = measure();
        readings.forEach((step, reading) -> session.note(
                String.format(Locale.ROOT, "resident after %,d steps", step),
                String.format(
                        Locale.ROOT,
                        "%.1f MB (the JVM has set apart %.1f for objects, %.1f for code and classes)",
                        reading.resident() / 1e6,
                        reading.heap() / 1e6,
                        reading.other() / 1e6)));
        long warm = steps.get(steps.size() - 2);
        session.note(
                String.format(Locale.ROOT, "%,d steps by %,d", steps.getLast(), warm),
                String.format(Locale.ROOT, "%.4f", ratio(readings.get(steps.getLast()), readings.get(warm))));
    }

    /// What a JVM started like this one tells, by steps.
    private Map<Long, MemoryProbe.Reading> measure() throws IOException, InterruptedException {
        // Else the heap would count as it grows, and its pages when they are first touched.
        List<String> command =
                OwnJvm.command(MemoryProbe.class, List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch"));
        command.add(experiment.toString());
        steps.forEach(step -> command.add(step.toString()));
        Path complaints = Files.createTempFile("corymb-bench-", ".err");
        Process process =
                new ProcessBuilder(command).redirectError(complaints.toFile()).start();
        Map<Long, MemoryProbe.Reading> readings = new TreeMap<>();
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                MemoryProbe.Reading.parse(line).ifPresent(reading -> readings.put(reading.step(), reading));
            }
            int status = process.waitFor();
            if (status != 0 || !readings.keySet().containsAll(steps)) {
                String said = Files.readString(complaints)
                        .lines()
                        .filter(line -> !line.startsWith("WARNING") && !line.startsWith("Picked up "))
                        .findFirst()
                        .orElse("nothing");
                throw new InputException(
                        "memory: expected figures after %s steps of %s, found those after %s (exit status %d): %s"
                                .formatted(steps, experiment, readings.keySet(), status, said));
            }
            return readings;
        } finally {
            process.destroy();
            Files.delete(complaints);
        }
    }

    private static double ratio(MemoryProbe.Reading last, MemoryProbe.Reading first) {
        return (double) last.resident() / first.resident();
    }
}
