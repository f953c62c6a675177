package io.github.corymb.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FeatureTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void whatIsNotGivenHasADefault() throws JsonProcessingException {
        assertEquals(
                new Feature.Categorical(Side.CONTEXT, null, false, null, 16, null), read("{'type': 'categorical'}"));
        assertEquals(
                new Feature.Bag(Side.CONTEXT, null, false, null, 16, Pooling.MEAN, null, 1000),
                read("{'type': 'bag'}"));
        assertEquals(
                new Feature.Sequence(Side.CONTEXT, null, false, null, 16, Pooling.MEAN, null, 50),
                read("{'type': 'sequence'}"));
        assertEquals(
                new Feature.Numeric(Side.CONTEXT, null, false, Scaling.STANDARD, null, null),
                read("{'type': 'numeric'}"));
        assertEquals(
                new Feature.Numeric(Side.CONTEXT, null, false, Scaling.QUANTILE, 32, 8),
                read("{'type': 'numeric', 'scaling': 'quantile'}"));
        assertEquals(new Feature.Dense(Side.CONTEXT, null, false, 3), read("{'type': 'dense', 'length': 3}"));
    }

    @Test
    void aSharedTableGivesTheDimension() throws JsonProcessingException {
        assertNull(((Feature.Sequence) read("{'type': 'sequence', 'table': 'item'}")).dimension());
    }

    @Test
    void allKeysAreRead() throws JsonProcessingException {
        assertEquals(
                new Feature.Sequence(Side.USER, "seen", true, "item", 8, Pooling.SUM, "|", 20),
                read("{'type': 'sequence', 'side': 'user', 'column': 'seen', 'label_derived': true, 'table': 'item',"
                        + " 'dimension': 8, 'pooling': 'sum', 'separator': '|', 'length': 20}"));
        assertEquals(
                new Feature.Categorical(Side.ITEM, null, false, null, 4, List.of("a", "b")),
                read("{'type': 'categorical', 'side': 'item', 'dimension': 4, 'vocabulary': ['a', 'b']}"));
        assertEquals(
                new Feature.Numeric(Side.CONTEXT, null, false, Scaling.MIN_MAX, null, null),
                read("{'type': 'numeric', 'scaling': 'min_max'}"));
    }

    @Test
    void theColumnIsNamedLikeTheFeatureUnlessGiven() {
        assertEquals("price", new Feature.Dense(null, null, null, 1).columnOr("price"));
        assertEquals("cost", new Feature.Dense(null, "cost", null, 1).columnOr("price"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "{'type': 'categorical', 'dimension': 0} # dimension: expected from 1 to 4096, found 0",
                "{'type': 'categorical', 'vocabulary': []} # vocabulary: expected from 1 to 1000000, found 0",
                "{'type': 'categorical', 'vocabulary': ['a', 'a']} # vocabulary: expected different values, found one"
                        + " twice",
                "{'type': 'bag', 'limit': 0} # limit: expected from 1 to 100000, found 0",
                "{'type': 'bag', 'separator': ''} # separator: expected at least one character, found none",
                "{'type': 'bag', 'table': ' '} # table: expected text, found none",
                "{'type': 'sequence', 'length': 0} # length: expected from 1 to 100000, found 0",
                "{'type': 'numeric', 'buckets': 8} # buckets: expected only with scaling: quantile",
                "{'type': 'numeric', 'dimension': 8} # dimension: expected only with scaling: quantile",
                "{'type': 'numeric', 'scaling': 'quantile', 'buckets': 1} # buckets: expected from 2 to 10000, found 1",
                "{'type': 'dense'} # length: expected how many numbers a row has, found nothing"
            })
    void aWrongValueIsRefusedByItsKey(String json, String message) {
        Throwable cause =
                assertThrows(JsonProcessingException.class, () -> read(json)).getCause();
        assertEquals(IllegalArgumentException.class, cause.getClass());
        assertEquals(message, cause.getMessage());
    }

    private static Feature read(String json) throws JsonProcessingException {
        return JSON.readValue(json.replace('\'', '"'), Feature.class);
    }
}
