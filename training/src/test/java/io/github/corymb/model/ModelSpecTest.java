package io.github.corymb.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.corymb.network.Activation;
import io.github.corymb.network.ExpertComputation;
import io.github.corymb.network.Normalisation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelSpecTest {

    private final YAMLMapper yaml = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.USE_NATIVE_TYPE_ID) // type: mmoe, not !<mmoe>
            .build();

    @Test
    void readsEverySettingOfAModel() throws JsonProcessingException {
        ModelSpec spec = yaml.readValue("""
            type: mmoe
            experts: 3
            expert: [128, 64]
            tower: [32]
            activation: prelu
            dropout: 0.1
            normalisation: layer
            gate_dropout: 0.2
            computation: batched
            """, ModelSpec.class);
        assertEquals(
                new Mmoe.Spec(
                        3,
                        List.of(128, 64),
                        List.of(32),
                        Activation.PRELU,
                        0.1,
                        Normalisation.LAYER,
                        0.2,
                        ExpertComputation.BATCHED),
                spec);
    }

    @Test
    void fillsInWhatIsNotGiven() throws JsonProcessingException {
        assertEquals(
                new Mmoe.Spec(
                        8,
                        List.of(128, 64),
                        List.of(32),
                        Activation.RELU,
                        0.0,
                        Normalisation.NONE,
                        0.0,
                        ExpertComputation.LOOPED),
                yaml.readValue("{type: mmoe}", ModelSpec.class));
    }

    @Test
    void readsExpertsOfATaskAsANumberOrAMap() throws JsonProcessingException {
        var one = assertInstanceOf(
                Ple.Spec.class, yaml.readValue("{type: ple, shared_experts: 3, task_experts: 2}", ModelSpec.class));
        var each = assertInstanceOf(
                Cgc.Spec.class, yaml.readValue("{type: cgc, task_experts: {like: 2, genre: 1}}", ModelSpec.class));
        assertEquals(3, one.sharedExperts());
        assertEquals(TaskExperts.of(2), one.taskExperts());
        assertEquals(TaskExperts.of(Map.of("like", 2, "genre", 1)), each.taskExperts());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{type: single_task, bottom: [], tower: [8, 4]}",
                "{type: shared_bottom, activation: silu}",
                "{type: omoe, experts: 2, normalisation: batch}",
                "{type: mmoe, computation: batched}",
                "{type: cgc, task_experts: {like: 2}}",
                "{type: ple, levels: 3, task_experts: 4}"
            })
    void writesWhatItReads(String text) throws JsonProcessingException {
        ModelSpec spec = yaml.readValue(text, ModelSpec.class);
        String written = yaml.writeValueAsString(spec);
        assertEquals(spec, yaml.readValue(written, ModelSpec.class));
        assertEquals(
                text.replaceAll("\\{type: (\\w+),.*", "$1"),
                yaml.readTree(written).get("type").asText());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{type: mmoe, experts: 0} | experts: expected at least 1, found 0",
                "{type: omoe, expert: []} | expert: expected at least 1 width, found none",
                "{type: mmoe, expert: [8, 0]} | expert[1]: expected at least 1, found 0",
                "{type: ple, tower: [-1]} | tower[0]: expected at least 1, found -1",
                "{type: shared_bottom, dropout: 1} | dropout: expected at least 0 and below 1, found 1.0",
                "{type: cgc, gate_dropout: -0.1} | gate_dropout: expected at least 0 and below 1, found -0.1",
                "{type: ple, task_experts: 0} | task_experts: expected at least 1, found 0"
            })
    void refusesWhatIsOutOfBounds(String text, String message) {
        var thrown = assertThrows(JsonMappingException.class, () -> yaml.readValue(text, ModelSpec.class));
        assertEquals(message, thrown.getCause().getMessage());
    }
}
