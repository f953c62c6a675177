package io.github.corymb.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.corymb.bundle.AtomicFiles;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/// `history.jsonl`: one JSON object a line, per logged step and per evaluation, each with its `step`. A resumed run
/// first drops the lines that the killed one wrote after the checkpoint it goes on from.
///
/// Used by one thread; whoever made it closes it.
final class History implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final BufferedWriter writer;

    private History(BufferedWriter writer) {
        this.writer = writer;
    }

    /// Opens the file for lines after `step`; 0 starts it anew.
    static History open(Path file, long step) throws IOException {
        List<String> kept = step == 0 || !Files.exists(file)
                ? List.of()
                : Files.readAllLines(file).stream()
                        .filter(line -> isUpTo(line, step))
                        .toList();
        AtomicFiles.write(file, kept.isEmpty() ? "" : String.join("\n", kept) + "\n");
        return new History(Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND));
    }

    private static boolean isUpTo(String line, long step) {
        try {
            return JSON.readTree(line).path("step").asLong(Long.MAX_VALUE) <= step;
        } catch (JsonProcessingException _) {
            return false; // the line that was being written when the run was killed
        }
    }

    void add(Map<String, ?> line) throws IOException {
        writer.write(JSON.writeValueAsString(line));
        writer.newLine();
        writer.flush();
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
