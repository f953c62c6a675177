package io.github.corymb.tensor.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.tensor.Array;
import io.github.corymb.tensor.Device;
import io.github.corymb.tensor.Initial;
import io.github.corymb.tensor.ParameterStore;
import io.github.corymb.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TorchParametersTest {

    private static TorchEngine engine(long seed) {
        return new TorchEngine(new Device.Cpu(), 1, seed);
    }

    private static float[] values(TorchParameters parameters, String name) {
        Array array = parameters.read().get(name);
        float[] values = new float[array.values().remaining()];
        array.values().get(values);
        return values;
    }

    private static float[] first(long seed, Initial initial, long... shape) {
        try (TorchEngine engine = engine(seed)) {
            engine.parameters().parameter("other", new Initial.Normal(1), 3);
            engine.parameters().parameter("w", initial, shape);
            return values(engine.parameters(), "w");
        }
    }

    @Test
    void firstValuesDependOnSeedAndNameAlone() {
        try (TorchEngine engine = engine(1)) {
            ParameterStore store = engine.parameters();
            store.parameter("w", new Initial.HeUniform(), 4, 5);
            store.parameter("v", new Initial.HeUniform(), 4, 5);
            float[] alone = values(engine.parameters(), "w");
            assertArrayEquals(alone, first(1, new Initial.HeUniform(), 4, 5));
            assertFalse(Arrays.equals(alone, first(2, new Initial.HeUniform(), 4, 5)));
            assertFalse(Arrays.equals(alone, values(engine.parameters(), "v")));
        }
    }

    @Test
    void uniformFirstValuesFillTheirBounds() {
        assertFills(Math.sqrt(6.0 / 50), first(1, new Initial.HeUniform(), 8, 30, 50));
        assertFills(Math.sqrt(6.0 / (50 + 30)), first(1, new Initial.GlorotUniform(), 8, 30, 50));
        assertFills(0.25, first(1, new Initial.Uniform(0.25), 4000));
        assertArrayEquals(new float[] {0.5f, 0.5f}, first(1, new Initial.Constant(0.5), 2));
    }

    private static void assertFills(double bound, float[] values) {
        double largest = IntStream.range(0, values.length)
                .mapToDouble(i -> Math.abs(values[i]))
                .max()
                .orElseThrow();
        double square = IntStream.range(0, values.length)
                .mapToDouble(i -> values[i] * (double) values[i])
                .average()
                .orElseThrow();
        assertTrue(largest <= bound && largest > 0.99 * bound);
        assertEquals(bound * bound / 3, square, 0.05 * bound * bound); // the variance of a uniform variable
    }

    @Test
    void normalFirstValuesHaveTheirDeviation() {
        float[] values = first(1, new Initial.Normal(0.1), 10_000);
        double square = IntStream.range(0, values.length)
                .mapToDouble(i -> values[i] * (double) values[i])
                .average()
                .orElseThrow();
        assertEquals(0.1, Math.sqrt(square), 0.003);
    }

    @Test
    void namesAndShapesComeInOrderOfName() {
        try (TorchEngine engine = engine(1)) {
            ParameterStore expert = engine.parameters().scope("expert", 1);
            expert.parameter("weight", new Initial.HeUniform(), 3, 2);
            expert.parameter("bias", new Initial.Constant(0), 3);
            expert.buffer("mean", 0, 3);
            assertEquals(
                    List.of("expert.1.bias", "expert.1.weight"),
                    List.copyOf(engine.parameters().shapes().keySet()));
            assertArrayEquals(new long[] {3, 2}, engine.parameters().shapes().get("expert.1.weight"));
            assertEquals(3 * 2 + 3, engine.parameters().parameterCount());
            assertEquals(
                    List.of("expert.1.bias", "expert.1.mean", "expert.1.weight"),
                    List.copyOf(engine.parameters().read().keySet()));
        }
    }

    @Test
    void whatIsWrittenIsRead() {
        try (TorchEngine one = engine(1);
                TorchEngine two = engine(2)) {
            for (TorchEngine engine : List.of(one, two)) {
                engine.parameters().parameter("w", new Initial.Normal(1), 3, 2);
                engine.parameters().buffer("b", engine == one ? 4 : 5, 1);
            }
            two.parameters().write(one.parameters().read());
            assertArrayEquals(values(one.parameters(), "w"), values(two.parameters(), "w"));
            assertArrayEquals(new float[] {4}, values(two.parameters(), "b"));
        }
    }

    @Test
    void refusesToReadAnotherModelsTensors() {
        try (TorchEngine engine = engine(1)) {
            engine.parameters().parameter("w", new Initial.Normal(1), 3, 2);
            engine.parameters().buffer("b", 0, 1);
            Map<String, Array> right = engine.parameters().read();
            Map<String, Array> missing = new TreeMap<>(right);
            missing.remove("b");
            Map<String, Array> extra = new TreeMap<>(right);
            extra.put("v", Array.zeros(1));
            Map<String, Array> turned = new TreeMap<>(right);
            turned.put("w", Array.zeros(2, 3));
            assertNames("'b'", engine, missing);
            assertNames("'v'", engine, extra);
            assertNames("'w': expected shape [3, 2], found [2, 3]", engine, turned);
        }
    }

    private static void assertNames(String words, TorchEngine engine, Map<String, Array> arrays) {
        var thrown = assertThrows(
                IllegalArgumentException.class, () -> engine.parameters().write(arrays));
        assertTrue(thrown.getMessage().contains(words), thrown.getMessage());
    }

    @Test
    void listsParametersThatGotNoGradient() {
        try (TorchEngine engine = engine(1)) {
            Tensor used = engine.parameters().parameter("used", new Initial.Constant(1), 2);
            engine.parameters().parameter("unused", new Initial.Constant(1), 2);
            try (Step _ = engine.step(1, true)) {
                engine.backward(used.sum());
            }
            assertEquals(List.of("unused"), engine.parameters().withoutGradient());
        }
    }

    @Test
    void refusesATakenNameAndALateParameter() {
        try (TorchEngine engine = engine(1)) {
            ParameterStore store = engine.parameters();
            store.parameter("w", new Initial.Constant(1), 2);
            assertThrows(IllegalArgumentException.class, () -> store.buffer("w", 0, 1));
            engine.step(1, false).close();
            assertThrows(IllegalStateException.class, () -> store.parameter("v", new Initial.Constant(1), 2));
        }
    }
}
