package io.github.corymb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExperimentWriterTest {

    static List<String> samples() {
        return SampleExperiments.NAMES;
    }

    @ParameterizedTest
    @MethodSource("samples")
    void whatIsWrittenReadsBackEqualFromAnywhere(String name) {
        Experiment experiment = SampleExperiments.read(name);
        String text = ExperimentWriter.write(experiment);
        Experiment again = ExperimentReader.parse(text, "experiment.yaml", Path.of("/elsewhere"), List.of());
        assertEquals(experiment, again);
        assertEquals(
                List.copyOf(experiment.features().keySet()),
                List.copyOf(again.features().keySet()));
        assertEquals(text, ExperimentWriter.write(again));
    }

    @Test
    void everyDefaultIsWrittenOut() {
        String text = ExperimentWriter.write(SampleExperiments.read("least"));
        assertTrue(text.contains("seed: 2026\n"), text);
        assertTrue(text.contains("epochs: 10\n"), text);
        assertTrue(text.contains("balance: {type: static}\n"), text);
        assertTrue(text.contains("checkpoint: {keep: 2}\n"), text);
        assertTrue(text.contains("schedule: {type: constant}\n"), text);
    }
}
