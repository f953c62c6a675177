package io.github.corymb.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class DenseOptimizerTest {

    private final ObjectMapper mapper = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private DenseOptimizer read(String json) throws JsonProcessingException {
        return mapper.readValue(json, DenseOptimizer.class);
    }

    @Test
    void defaultsAreThoseOfPyTorch() throws JsonProcessingException {
        assertEquals(new DenseOptimizer.Adam(1e-3, 0.9, 0.999, 1e-8, 0.0), read("{\"optimizer\": \"adam\"}"));
        assertEquals(new DenseOptimizer.AdamW(1e-3, 0.9, 0.999, 1e-8, 1e-2), read("{\"optimizer\": \"adamw\"}"));
        assertEquals(new DenseOptimizer.Sgd(1e-3, 0.0, false, 0.0), read("{\"optimizer\": \"sgd\"}"));
        assertEquals(new DenseOptimizer.Adagrad(1e-2, 1e-10, 0.0, 0.0), read("{\"optimizer\": \"adagrad\"}"));
    }

    @Test
    void isReadAsItIsWritten() throws JsonProcessingException {
        DenseOptimizer written = new DenseOptimizer.Adagrad(0.5, 1e-3, 0.1, 0.2);
        assertEquals(written, read(mapper.writeValueAsString(written)));
    }

    @Test
    void refusesValuesThatCannotBe() {
        refuses("rate", () -> new DenseOptimizer.Adam(-1.0, null, null, null, null));
        refuses("rate", () -> new DenseOptimizer.Adam(Double.NaN, null, null, null, null));
        refuses("beta2", () -> new DenseOptimizer.AdamW(null, null, 1.0, null, null));
        refuses("epsilon", () -> new DenseOptimizer.Adagrad(null, 0.0, null, null));
        refuses("momentum", () -> new DenseOptimizer.Sgd(null, null, true, null));
        refuses("weight_decay", () -> new DenseOptimizer.Sgd(null, null, null, -0.1));
    }

    private static void refuses(String key, Executable making) {
        String message = assertThrows(IllegalArgumentException.class, making).getMessage();
        assertEquals(key, message.substring(0, message.indexOf(':')));
    }
}
