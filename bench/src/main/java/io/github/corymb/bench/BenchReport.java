package io.github.corymb.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.corymb.bundle.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/// What a session found, for people (`bench.md`) and for programs (`bench.json`).
///
/// @param command that measured it
/// @param date of the day, ISO
record BenchReport(
        int formatVersion,
        String command,
        String date,
        Machine machine,
        List<Figure> figures,
        List<Session.Note> notes) {

    static final int FORMAT_VERSION = 2;

    /// Writes both files into a folder, which is made.
    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        AtomicFiles.write(folder.resolve("bench.md"), markdown());
        AtomicFiles.write(
                folder.resolve("bench.json"),
                JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
    }

    String markdown() {
        StringJoiner text = new StringJoiner("\n", "", "\n");
        text.add("# Bench").add("");
        text.add(String.format(
                Locale.ROOT,
                "`%s`, %s, %s, %d processors, %.0f GB, Java %s. Medians of rounds.",
                command,
                date,
                machine.processor(),
                machine.processorCount(),
                machine.memory() / 1e9,
                machine.java()));
        String comparison = "";
        for (Figure figure : figures) {
            if (!figure.comparison().equals(comparison)) {
                comparison = figure.comparison();
                text.add("").add("## " + figure.suite() + ": " + comparison).add("");
                if (figure.load() != null) {
                    text.add(String.format(Locale.ROOT, "Load of the machine after: %.1f.", figure.load()))
                            .add("");
                }
                text.add("| who | " + figure.unit() + " | least | most | ratio |")
                        .add("|---|---:|---:|---:|---:|");
            }
            text.add(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %s | %.2f × |",
                    cell(figure.contender()),
                    Session.rate(figure.median()),
                    Session.rate(figure.low()),
                    Session.rate(figure.high()),
                    figure.ratio()));
        }
        if (!notes.isEmpty()) {
            text.add("")
                    .add("## Figures by themselves")
                    .add("")
                    .add("| suite | what | figure |")
                    .add("|---|---|---|");
            notes.forEach(note ->
                    text.add("| %s | %s | %s |".formatted(note.suite(), cell(note.what()), cell(note.figure()))));
        }
        return text.toString();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
