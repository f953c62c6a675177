package io.github.corymb;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// Experiment files of the tests' resources.
final class SampleExperiments {

    static final Path FOLDER = Path.of("/data/experiments");
    static final List<String> NAMES = List.of("least", "ratings", "census");

    private SampleExperiments() {}

    static String text(String name) {
        try (InputStream stream = SampleExperiments.class.getResourceAsStream("/experiments/" + name + ".yaml")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    static Experiment read(String name, String... assignments) {
        return ExperimentReader.parse(text(name), name + ".yaml", FOLDER, List.of(assignments));
    }
}
