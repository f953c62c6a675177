package io.github.corymb.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.tensor.Initial;
import io.github.corymb.tensor.PlainTensor;
import io.github.corymb.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpertsTest {

    private static final int WIDTH = 4; // D

    static Stream<Arguments> kinds() {
        return MlpTest.kinds();
    }

    private static GradientCheck.Layer layer(int count, MlpSpec spec, ExpertComputation computation) {
        return store -> new Experts(store, WIDTH, count, spec, computation)::forward;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void batchedEqualsLoopedInOutputsAndGradients(Activation activation, Normalisation normalisation) {
        MlpSpec spec = new MlpSpec(List.of(5, 3), activation, 0, normalisation);
        for (int count : new int[] {1, 3}) {
            var looped = GradientCheck.runLayer(21, layer(count, spec, ExpertComputation.LOOPED), 6, WIDTH);
            var batched = GradientCheck.runLayer(21, layer(count, spec, ExpertComputation.BATCHED), 6, WIDTH);
            GradientCheck.assertSame(looped, batched);
        }
    }

    @ParameterizedTest
    @EnumSource
    void gradientsAreThoseOfFiniteDifferences(ExpertComputation computation) {
        MlpSpec spec = new MlpSpec(List.of(5, 3), Activation.PRELU, 0, Normalisation.NONE);
        GradientCheck.checkLayer(22, layer(3, spec, computation), 6, WIDTH);
    }

    @ParameterizedTest
    @EnumSource
    void oneRowIsABatch(ExpertComputation computation) {
        MlpSpec spec = new MlpSpec(List.of(5, 3), Activation.RELU, 0.5, Normalisation.BATCH);
        assertEquals(
                2 * 3,
                GradientCheck.runLayer(23, layer(2, spec, computation), 1, WIDTH)
                        .outputs()
                        .getFirst()
                        .length);
    }

    @ParameterizedTest
    @EnumSource
    void eachExpertIsAPerceptronOfItsOwn(ExpertComputation computation) {
        MlpSpec spec = new MlpSpec(List.of(5, 3));
        PlainStore store = new PlainStore(24);
        Experts experts = new Experts(store, WIDTH, 2, spec, computation);
        Tensor x = new PlainStore(25).parameter("x", new Initial.Normal(1), 6, WIDTH);
        Tensor together = experts.forward(x);
        assertArrayEquals(new long[] {6, 2, 3}, together.shape());
        for (int i = 0; i < 2; i++) {
            Mlp alone = new Mlp(store.scope("expert", i), WIDTH, spec); // the same parameters: the names are taken
            assertArrayEquals(
                    PlainTensor.values(alone.forward(x)),
                    PlainTensor.values(together.narrow(1, i, 1).squeeze(1)),
                    1e-12);
        }
    }

    @Test
    void startDifferently() {
        var result = GradientCheck.runLayer(26, layer(2, new MlpSpec(List.of(5)), ExpertComputation.LOOPED), 1, WIDTH);
        float[] outputs = result.outputs().getFirst();
        assertTrue(!Arrays.equals(Arrays.copyOfRange(outputs, 0, 5), Arrays.copyOfRange(outputs, 5, 10)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void refusesNoExperts(int count) {
        var thrown = assertThrows(
                IllegalArgumentException.class,
                () -> layer(count, new MlpSpec(List.of(5)), ExpertComputation.LOOPED)
                        .apply(new PlainStore(1)));
        assertEquals("experts: expected at least 1, found " + count, thrown.getMessage());
    }
}
