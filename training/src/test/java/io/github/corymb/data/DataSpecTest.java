package io.github.corymb.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class DataSpecTest {

    private static DataSpec of(String memory) {
        return new DataSpec("x.csv", null, null, memory, null, null);
    }

    @Test
    void sizesAreReadInPowersOfTwo() {
        assertEquals(4L << 30, of(null).memoryBytes());
        assertEquals(512L << 20, of("512MB").memoryBytes());
        assertEquals(3L << 29, of(" 1.5 gib").memoryBytes());
        assertEquals(2L << 30, of("2g").memoryBytes());
        assertEquals(1000, of("1000").memoryBytes());
        assertEquals(1L << 40, of("1TB").memoryBytes());
    }

    @Test
    void wrongValuesNameTheirKey() {
        assertMessage("memory: expected a size such as 512MB or 4GB, found 'lots'", () -> of("lots"));
        assertMessage(
                "source: expected SQL or the path of a file, found nothing",
                () -> new DataSpec(" ", null, null, null, null, null));
        assertMessage("threads: expected 1 to 1024, found 0", () -> new DataSpec("x", null, null, null, 0, null));
        assertMessage(
                "validation: expected a share from 0 to below 1, found -0.1", () -> new SplitSpec.Random(-0.1, null));
        assertMessage(
                "test: expected a share from 0 to below 1, found NaN", () -> new SplitSpec.Random(0.1, Double.NaN));
        assertMessage(
                "validation: expected a share that leaves rows to train on, found 0.5 + 0.5",
                () -> new SplitSpec.Time("t", 0.5, 0.5));
        assertMessage("column: expected the name of a column, found nothing", () -> new SplitSpec.Column(null));
    }

    @Test
    void jsonBindsByTheKeyBy() throws JsonProcessingException {
        ObjectMapper json = new ObjectMapper();
        DataSpec spec = new DataSpec("FROM x", new SplitSpec.Hash("user", 0.2, 0.0), "user", "1GB", 3, false);
        assertEquals(spec, json.readValue(json.writeValueAsString(spec), DataSpec.class));
        assertEquals(
                new SplitSpec.Time("t", 0.1, 0.1),
                json.readValue("{\"by\": \"time\", \"column\": \"t\"}", SplitSpec.class));
    }

    private static void assertMessage(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
