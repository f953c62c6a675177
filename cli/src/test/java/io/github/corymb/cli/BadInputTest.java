package io.github.corymb.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/// Each mistake of a user's is one line with place, expected and found, and exit status 1.
class BadInputTest {

    @TempDir
    private Path folder;

    private static String onlyComplaint(Command command) {
        assertEquals(1, command.status(), command.err());
        assertEquals(1, command.complaints().size(), command.err());
        return command.complaints().getFirst();
    }

    @ParameterizedTest
    @CsvFileSource(resources = "bad-settings.csv", delimiter = '|', numLinesToSkip = 1)
    void aMistakeInAnExperimentIsOneLine(String setting, String expected) {
        List<String> arguments =
                new ArrayList<>(List.of("train", SampleFile.write(folder).toString()));
        for (String each : setting.split(" && ", -1)) {
            arguments.addAll(List.of("--set", each));
        }
        arguments.addAll(List.of("--out", folder.resolve("run").toString()));
        Command train = Command.run(arguments.toArray(String[]::new));
        String complaint = onlyComplaint(train);
        for (String part : expected.split(" … ", -1)) {
            assertTrue(complaint.contains(part), complaint);
        }
        assertFalse(Files.exists(folder.resolve("run").resolve("metrics.json")));
    }

    @Test
    void aMissingExperimentAndAMissingRunAreNamed() {
        assertEquals("corymb: nothing.yaml: no such file", onlyComplaint(Command.run("train", "nothing.yaml")));
        assertEquals(
                "corymb: nowhere: expected a run's folder, found nothing",
                onlyComplaint(Command.run("evaluate", "nowhere")));
    }

    @Test
    void anOptionThatDoesNotExistIsNamed() {
        assertEquals(
                "corymb: Unknown option: '--fast'; see 'corymb train --help'",
                onlyComplaint(Command.run("train", SampleFile.write(folder).toString(), "--fast")));
    }

    @Test
    void aFolderWithFilesIsLeftAlone() throws IOException {
        Path file = SampleFile.write(folder);
        Path out = Files.createDirectory(folder.resolve("full"));
        Files.writeString(out.resolve("mine.txt"), "mine");
        String complaint = onlyComplaint(Command.run("train", file.toString(), "--out", out.toString()));
        assertTrue(complaint.contains("expected a new or empty folder"), complaint);
        assertEquals("mine", Files.readString(out.resolve("mine.txt")));
    }

    @Test
    void bundlesThatAreTruncatedAlteredOrOfAnotherVersionAreRefusedByName() throws IOException {
        Path file = SampleFile.write(folder);
        Path run = folder.resolve("run");
        assertEquals(
                0,
                Command.run("train", file.toString(), "--out", run.toString()).status());
        Path bundle = run.resolve("bundle");

        Path table = bundle.resolve("tables").resolve("user_id.rows");
        byte[] whole = Files.readAllBytes(table);
        try (RandomAccessFile cut = new RandomAccessFile(table.toFile(), "rw")) {
            cut.setLength(whole.length / 2);
        }
        String truncated = onlyComplaint(Command.run("evaluate", run.toString()));
        assertTrue(truncated.contains("tables/user_id.rows: expected " + whole.length + " bytes"), truncated);
        whole[whole.length / 2] ^= 1;
        Files.write(table, whole);
        String altered = onlyComplaint(Command.run("evaluate", run.toString()));
        assertTrue(altered.contains("tables/user_id.rows: altered"), altered);
        whole[whole.length / 2] ^= 1;
        Files.write(table, whole);

        Path manifest = bundle.resolve("manifest.json");
        String text = Files.readString(manifest);
        Files.writeString(manifest, text.replaceFirst("\"format_version\"\\s*:\\s*1", "\"format_version\" : 2"));
        String version = onlyComplaint(Command.run("inspect", run.toString()));
        assertTrue(version.contains("expected format version 1, found 2"), version);
        Files.writeString(manifest, text);
        assertEquals(0, Command.run("evaluate", run.toString()).status());
    }
}
