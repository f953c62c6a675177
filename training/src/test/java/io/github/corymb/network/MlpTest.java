package io.github.corymb.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.tensor.PlainTensor;
import io.github.corymb.tensor.Tensor;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MlpTest {

    static Stream<Arguments> kinds() {
        return Stream.of(Activation.values())
                .flatMap(activation -> Stream.of(Normalisation.values()).map(n -> Arguments.of(activation, n)));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void gradientsAreThoseOfFiniteDifferences(Activation activation, Normalisation normalisation) {
        MlpSpec spec = new MlpSpec(List.of(5, 3), activation, 0, normalisation);
        GradientCheck.checkLayer(11, store -> new Mlp(store, 4, spec)::forward, 6, 4);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void oneRowIsABatch(Activation activation, Normalisation normalisation) {
        MlpSpec spec = new MlpSpec(List.of(5, 3), activation, 0.5, normalisation);
        List<float[]> outputs = GradientCheck.runLayer(12, store -> new Mlp(store, 4, spec)::forward, 1, 4)
                .outputs();
        assertEquals(3, outputs.getFirst().length);
        for (float value : outputs.getFirst()) {
            assertTrue(Float.isFinite(value));
        }
    }

    @Test
    void withoutALayerIsTheIdentity() {
        PlainStore store = new PlainStore(1);
        Mlp mlp = new Mlp(store, 4, new MlpSpec(List.of()));
        Tensor x = PlainTensor.of(new double[] {1, 2, 3, 4}, 1, 4);
        assertEquals(4, mlp.outputWidth());
        assertArrayEquals(PlainTensor.values(x), PlainTensor.values(mlp.forward(x)));
        assertEquals(Set.of(), store.parameters().keySet());
    }

    @Test
    void namesItsParametersByLayer() {
        PlainStore store = new PlainStore(1);
        Mlp mlp = new Mlp(store, 4, new MlpSpec(List.of(3, 2), Activation.PRELU, 0, Normalisation.LAYER));
        assertEquals(2, mlp.outputWidth());
        assertEquals(
                List.of(
                        "layer.0.weight",
                        "layer.0.bias",
                        "layer.0.scale",
                        "layer.0.shift",
                        "layer.0.slope",
                        "layer.1.weight",
                        "layer.1.bias",
                        "layer.1.scale",
                        "layer.1.shift",
                        "layer.1.slope"),
                List.copyOf(store.parameters().keySet()));
        assertArrayEquals(new long[] {2, 3}, store.get("layer.1.weight").shape());
    }

    @Test
    void hasNoBiasThatBatchNormalisationTakesAway() {
        PlainStore store = new PlainStore(1);
        Mlp mlp = new Mlp(store, 4, new MlpSpec(List.of(3), Activation.RELU, 0, Normalisation.BATCH));
        assertEquals(3, mlp.outputWidth());
        assertEquals(
                Set.of("layer.0.weight", "layer.0.scale", "layer.0.shift"),
                store.parameters().keySet());
    }

    @Test
    void dropoutZeroesItsShareAndScalesTheRest() {
        MlpSpec spec = new MlpSpec(List.of(2000), Activation.GELU, 0.25, Normalisation.NONE);
        MlpSpec whole = new MlpSpec(List.of(2000), Activation.GELU, 0, Normalisation.NONE);
        float[] dropped = GradientCheck.runLayer(13, store -> new Mlp(store, 3, spec)::forward, 4, 3)
                .outputs()
                .getFirst();
        float[] kept = GradientCheck.runLayer(13, store -> new Mlp(store, 3, whole)::forward, 4, 3)
                .outputs()
                .getFirst();
        double zeros = IntStream.range(0, 8000).filter(i -> dropped[i] == 0).count();
        assertEquals(0.25, zeros / 8000, 5 * Math.sqrt(0.25 * 0.75 / 8000));
        for (int i = 0; i < 8000; i++) {
            assertEquals(dropped[i] == 0 ? 0 : kept[i] / (1 - 0.25), dropped[i], 1e-6);
        }
    }

    @Test
    void refusesWhatIsNoShape() {
        assertEquals(
                "widths: expected at least 1, found 0",
                assertThrows(IllegalArgumentException.class, () -> new MlpSpec(List.of(3, 0)))
                        .getMessage());
        assertEquals(
                "dropout: expected at least 0 and below 1, found 1.0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new MlpSpec(List.of(3), Activation.RELU, 1, Normalisation.NONE))
                        .getMessage());
    }
}
