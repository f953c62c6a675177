package io.github.corymb.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TaskTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void whatIsNotGivenHasADefault() throws JsonProcessingException {
        assertEquals(new Task.Binary("a > 3", null, 1.0, null), read("{'type': 'binary', 'label': 'a > 3'}"));
        assertEquals(
                new Task.Regression("a", null, 1.0, null, Task.RegressionLoss.SQUARED, null, Task.LabelScale.LINEAR),
                read("{'type': 'regression', 'label': 'a'}"));
        assertEquals(new Task.Multiclass("a", null, 1.0, null, null), read("{'type': 'multiclass', 'label': 'a'}"));
    }

    @Test
    void allKeysAreRead() throws JsonProcessingException {
        assertEquals(
                new Task.Regression("a", "b", 0.0, "c", Task.RegressionLoss.HUBER, 2.0, Task.LabelScale.LOG),
                read("{'type': 'regression', 'label': 'a', 'where': 'b', 'weight': 0, 'row_weight': 'c', 'loss':"
                        + " 'huber', 'delta': 2, 'scale': 'log'}"));
        assertEquals(
                new Task.Multiclass("a", "b", 0.5, "c", List.of("y", "x")),
                read("{'type': 'multiclass', 'label': 'a', 'where': 'b', 'weight': 0.5, 'row_weight': 'c',"
                        + " 'classes': ['y', 'x']}"));
    }

    @ParameterizedTest
    @CsvSource({"binary", "regression", "multiclass"})
    void theTypeIsThatOfTheFile(String type) throws JsonProcessingException {
        assertEquals(type, read("{'type': '" + type + "', 'label': 'a'}").type());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "{'type': 'binary'} # label: expected text, found nothing",
                "{'type': 'binary', 'label': ' '} # label: expected text, found none",
                "{'type': 'binary', 'label': 'a', 'weight': -1} # weight: expected a number of at least 0, found -1.0",
                "{'type': 'binary', 'label': 'a', 'row_weight': ''} # row_weight: expected text, found none",
                "{'type': 'regression', 'label': 'a', 'delta': 1} # delta: expected only with loss: huber",
                "{'type': 'regression', 'label': 'a', 'loss': 'huber', 'delta': 0} # delta: expected a number above 0,"
                        + " found 0.0",
                "{'type': 'multiclass', 'label': 'a', 'classes': ['b']} # classes: expected from 2 to 10000, found 1",
                "{'type': 'multiclass', 'label': 'a', 'classes': ['b', 'b']} # classes: expected different names,"
                        + " found one twice"
            })
    void aWrongValueIsRefusedByItsKey(String json, String message) {
        Throwable cause =
                assertThrows(JsonProcessingException.class, () -> read(json)).getCause();
        assertEquals(IllegalArgumentException.class, cause.getClass());
        assertEquals(message, cause.getMessage());
    }

    private static Task read(String json) throws JsonProcessingException {
        return JSON.readValue(json.replace('\'', '"'), Task.class);
    }
}
