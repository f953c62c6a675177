package io.github.corymb.bench;

import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// The cores of this process, divided by `taskset` between it and one that it starts. Where both may run on all of
/// them, what they wait for is mostly each other. Until it is closed, this process has one core, and the other all but
/// that.
///
/// @param all of this process before
/// @param own the core that it keeps
/// @param others those of the process that it starts
record Cores(String all, int own, String others) implements AutoCloseable {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String ALLOWED = "Cpus_allowed_list:";
    private static final Path TASKSET = Path.of("/usr/bin/taskset");

    /// Divides them; nothing where the system does not let it, or there is one core alone.
    static Optional<Cores> divide() throws IOException {
        if (!Files.isReadable(STATUS) || !Files.isExecutable(TASKSET)) {
            return Optional.empty();
        }
        try (var lines = Files.lines(STATUS)) {
            String all = lines.filter(line -> line.startsWith(ALLOWED))
                    .map(line -> line.substring(ALLOWED.length()).strip())
                    .findFirst()
                    .orElse("");
            List<Integer> cores = cores(all);
            if (cores.size() < 2) {
                return Optional.empty();
            }
            String others = String.join(
                    ",",
                    cores.subList(0, cores.size() - 1).stream()
                            .map(String::valueOf)
                            .toList());
            Cores divided = new Cores(all, cores.getLast(), others);
            move(Integer.toString(divided.own()));
            return Optional.of(divided);
        }
    }

    /// Numbers of a list such as `0-2,5`.
    static List<Integer> cores(String list) {
        List<Integer> cores = new ArrayList<>();
        for (String part : list.isEmpty() ? new String[0] : list.split(",", -1)) {
            int dash = part.indexOf('-');
            int first = Integer.parseInt(part.substring(0, dash < 0 ? part.length() : dash));
            int last = dash < 0 ? first : Integer.parseInt(part.substring(dash + 1));
            IntStream.rangeClosed(first, last).forEach(cores::add);
        }
        return cores;
    }

    /// What begins the command of the process that has the other cores.
    List<String> command() {
        return List.of(TASKSET.toString(), "--cpu-list", others);
    }

    @Override
    public void close() throws IOException {
        move(all);
    }

    /// Moves all threads of this process; those that they start follow.
    private static void move(String list) throws IOException {
        String pid = Long.toString(ProcessHandle.current().pid());
        Process taskset = new ProcessBuilder(TASKSET.toString(), "--all-tasks", "--cpu-list", "--pid", list, pid)
                .redirectErrorStream(true)
                .start();
        String told = new String(taskset.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (taskset.waitFor() != 0) {
                throw new InputException("taskset: expected to move to cores %s, found: %s".formatted(list, told));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }
}
