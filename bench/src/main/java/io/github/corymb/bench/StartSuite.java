package io.github.corymb.bench;

import io.github.corymb.bundle.AtomicFiles;
import io.github.corymb.feature.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How long the command takes to be of use.
final class StartSuite implements Suite {

    private static final String EXPERIMENT = "examples/movielens/mmoe.yaml";
    private static final String BEFORE_FIRST_STEP = "network:"; // begins the line that is printed then

    private final Path project;

    /// @param project the folder with the command
    StartSuite(Path project) {
        this.project = project;
    }

    @Override
    public String name() {
        return "start";
    }

    @Override
    public String purpose() {
        return "from the command to its answer, and to the first training step";
    }

    @Override
    public void run(Session session) throws Exception {
        session.compare(
                "starts a second",
                "1/s",
                List.of(
                        new Contender("corymb --version", () -> 1 / version()),
                        new Contender("corymb train, to the first step, rows read", () -> 1 / firstStep(false)),
                        new Contender("corymb train, to the first step, rows kept", () -> 1 / firstStep(true))));
    }

    private double version() throws IOException, InterruptedException {
        long start = System.nanoTime();
        Process process = start("--version");
        int status = process.waitFor();
        if (status != 0) {
            throw new InputException("corymb --version: expected status 0, found " + status);
        }
        return Session.secondsSince(start);
    }

    /// @param kept whether encoded rows of an earlier training serve; the first of these then keeps them
    private double firstStep(boolean kept) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("corymb-bench-");
        long start = System.nanoTime();
        Process process = start(
                "train",
                EXPERIMENT,
                "--set",
                "data.cache=" + kept,
                "--out",
                folder.resolve("run").toString());
        try (BufferedReader lines = process.errorReader()) {
            String line = lines.readLine();
            while (line != null && !line.startsWith(BEFORE_FIRST_STEP)) {
                line = lines.readLine();
            }
            if (line == null) {
                throw new InputException("corymb train: expected a first step, found none");
            }
            return Session.secondsSince(start);
        } finally {
            process.destroy();
            process.waitFor();
            AtomicFiles.deleteTree(folder);
        }
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("./corymb"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(project.toAbsolutePath().toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
