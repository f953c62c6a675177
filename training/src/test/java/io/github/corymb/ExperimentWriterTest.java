package io.github.corymb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.model.ModelSpec;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "single_task | bottom [128, 64], tower [32]",
                "shared_bottom | bottom [128, 64], tower [32]",
                "omoe | experts 8, expert [128, 64], tower [32]",
                "mmoe | experts 8, expert [128, 64], tower [32]",
                "cgc | shared_experts 4, task_experts 2, expert [128, 64], tower [32]",
                "ple | shared_experts 4, task_experts 2, levels 2, expert [128, 64], tower [32]"
            })
    void aModelIsSummedUpUnderItsKeys(String type, String sizes) {
        ModelSpec model =
                SampleExperiments.read("least", "model={type: " + type + "}").model();
        String experts = sizes.contains("expert") ? ", gate_dropout 0.0, computation looped" : "";
        assertEquals(
                type + ": " + sizes + ", activation relu, dropout 0.0, normalisation none" + experts,
                ExperimentWriter.summary(model));
    }

    @Test
    void aSummaryKeepsToOneLine() {
        String layers = "[" + "128, ".repeat(40) + "64]";
        ModelSpec model = SampleExperiments.read(
                        "least", "model={type: cgc, task_experts: {y: 3}, expert: " + layers + ", tower: []}")
                .model();
        assertEquals(
                "cgc: shared_experts 4, task_experts {y: 3}, expert " + layers + ", tower [], activation relu, "
                        + "dropout 0.0, normalisation none, gate_dropout 0.0, computation looped",
                ExperimentWriter.summary(model));
    }
}
