package io.github.corymb.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real processes that are killed while they train.
class KilledRunTest {

    private static final String[] LONG = {
        "--set",
        "train.epochs=40",
        "--set",
        "train.checkpoint.steps=5",
        "--set",
        "train.early_stopping=",
        "--set",
        "model.expert=[256, 256]"
    };

    @TempDir
    private Path folder;

    private Process start(Path out) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "train",
                SampleFile.write(folder).toString(),
                "--out",
                out.toString()));
        command.addAll(List.of(LONG));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    private static void awaitCheckpoint(Process process, Path out) throws IOException, InterruptedException {
        Path checkpoints = out.resolve("checkpoint");
        while (process.isAlive()) {
            if (Files.isDirectory(checkpoints)) {
                try (Stream<Path> entries = Files.list(checkpoints)) {
                    if (entries.anyMatch(entry -> entry.getFileName().toString().matches("step-\\d+"))) {
                        return;
                    }
                }
            }
            Thread.sleep(2);
        }
    }

    private JsonNode tasks(Path out) throws IOException {
        return JsonMapper.builder()
                .build()
                .readTree(out.resolve("metrics.json").toFile())
                .get("tasks");
    }

    private Command train(Path out, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("train", SampleFile.write(folder).toString(), "--out", out.toString()));
        arguments.addAll(List.of(LONG));
        arguments.addAll(List.of(more));
        return Command.run(arguments.toArray(String[]::new));
    }

    @Test
    void aKilledRunResumesToTheMetricsOfOneNeverKilled() throws IOException, InterruptedException {
        Path whole = folder.resolve("whole");
        assertEquals(0, train(whole).status());
        Path killed = folder.resolve("killed");
        Process process = start(killed);
        awaitCheckpoint(process, killed);
        process.destroyForcibly().waitFor();
        assertFalse(Files.exists(killed.resolve("metrics.json")), "killed before its end");
        Command resumed = train(killed, "--resume");
        assertEquals(0, resumed.status(), resumed.err());
        assertEquals(tasks(whole), tasks(killed));
    }

    @Test
    void anInterruptedRunLeavesACheckpointAndSaysHowToGoOn() throws IOException, InterruptedException {
        Path out = folder.resolve("interrupted");
        Process process = start(out);
        awaitCheckpoint(process, out);
        process.destroy(); // SIGTERM, as Ctrl-C handled by the same hook
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        String log = Files.readString(folder.resolve("log"));
        assertTrue(log.contains("--resume"), log);
        Command resumed = train(out, "--resume");
        assertEquals(0, resumed.status(), resumed.err());
    }
}
