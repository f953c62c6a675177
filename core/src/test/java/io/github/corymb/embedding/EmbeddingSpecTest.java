package io.github.corymb.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import org.junit.jupiter.api.Test;

class EmbeddingSpecTest {

    private final ObjectMapper mapper =
            new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

    @Test
    void everyOptimizerIsReadByItsName() throws JsonProcessingException {
        assertEquals(
                new EmbeddingSpec.Adagrad(0.05, 1e-10, 0.0, 0.0, null, 0.05, 0.0), read("{'optimizer': 'adagrad'}"));
        assertEquals(
                new EmbeddingSpec.RowWiseAdagrad(0.05, 1e-8, 0.0, 0.0, null, 0.05, 0.0),
                read("{'optimizer': 'row_wise_adagrad'}"));
        assertEquals(
                new EmbeddingSpec.Adam(0.001, 0.9, 0.999, 1e-8, 0.0, 0.0, null, 0.05, 0.0),
                read("{'optimizer': 'adam'}"));
        assertEquals(
                new EmbeddingSpec.RowWiseAdam(0.001, 0.9, 0.999, 1e-8, 0.0, 0.0, null, 0.05, 0.0),
                read("{'optimizer': 'row_wise_adam'}"));
        assertEquals(new EmbeddingSpec.Ftrl(0.05, 1.0, 0.5, 0.0, 0.05, 0.0), read("{'optimizer': 'ftrl', 'l1': 0.5}"));
        assertEquals(
                new EmbeddingSpec.Sgd(0.2, 0.9, 1e-6, 0.01, 0.5, 0.01, 0.1),
                read("{'optimizer': 'sgd', 'rate': 0.2, 'momentum': 0.9, 'l2': 1e-6, 'weight_decay': 0.01, "
                        + "'row_clip': 0.5, 'initial_scale': 0.01, 'unknown_share': 0.1}"));
        assertThrows(InvalidTypeIdException.class, () -> read("{'optimizer': 'adagard'}"));
        assertThrows(InvalidTypeIdException.class, () -> read("{'rate': 0.1}"));
    }

    @Test
    void whatIsWrittenIsReadBack() throws JsonProcessingException {
        EmbeddingSpec spec = new EmbeddingSpec.Adam(0.01, 0.8, null, null, 1e-5, null, null, null, 0.02);
        assertEquals(
                spec,
                mapper.readValue(mapper.writerFor(EmbeddingSpec.class).writeValueAsString(spec), EmbeddingSpec.class));
    }

    @Test
    void impossibleNumbersAreRefusedByName() {
        assertRefused(
                "rate: expected a number above 0, found 0.0",
                () -> new EmbeddingSpec.Sgd(0.0, null, null, null, null, null, null));
        assertRefused(
                "l2: expected a number of at least 0, found -1.0",
                () -> new EmbeddingSpec.Adagrad(null, null, -1.0, null, null, null, null));
        assertRefused(
                "unknown_share: expected at least 0 and below 1, found 1.0",
                () -> new EmbeddingSpec.RowWiseAdagrad(null, null, null, null, null, null, 1.0));
        assertRefused(
                "row_clip: expected a number above 0, found 0.0",
                () -> new EmbeddingSpec.Sgd(null, null, null, null, 0.0, null, null));
        assertRefused(
                "l1: expected a number of at least 0, found -1.0",
                () -> new EmbeddingSpec.Ftrl(null, null, -1.0, null, null, null));
        assertRefused(
                "beta2: expected at least 0 and below 1, found NaN",
                () -> new EmbeddingSpec.Adam(null, null, Double.NaN, null, null, null, null, null, null));
    }

    @Test
    void momentumIsAKindOfStateOfItsOwn() {
        EmbeddingSpec plain = new EmbeddingSpec.Sgd(null, null, null, null, null, null, null);
        EmbeddingSpec heavy = new EmbeddingSpec.Sgd(null, 0.9, null, null, null, null, null);
        assertEquals(0, plain.stateWidth(16));
        assertEquals(16, heavy.stateWidth(16));
        assertNotEquals(plain.optimizerName(), heavy.optimizerName());
    }

    private void assertRefused(String message, Runnable construction) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, construction::run).getMessage());
    }

    private EmbeddingSpec read(String json) throws JsonProcessingException {
        return mapper.readValue(json.replace('\'', '"'), EmbeddingSpec.class);
    }
}
