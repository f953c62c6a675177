package io.github.corymb.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.tensor.Initial;
import io.github.corymb.tensor.PlainTensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinearTest {

    @Test
    void isTheAffineMapOfItsParameters() {
        PlainStore store = new PlainStore(1);
        Linear linear = Linear.of(store, 2, 1, new Initial.Constant(0.25));
        double[] w = store.get("weight").values();
        double[] y = PlainTensor.values(linear.forward(PlainTensor.of(new double[] {3, 5}, 1, 2)));
        assertArrayEquals(new double[] {w[0] * 3 + w[1] * 5 + 0.25}, y, 1e-12);
    }

    @Test
    void startsWithinOneOverTheRootOfItsInputWidth() {
        PlainStore store = new PlainStore(2);
        Linear.of(store, 16, 40);
        for (String name : List.of("weight", "bias")) {
            double[] values = store.get(name).values();
            for (double value : values) {
                assertTrue(Math.abs(value) <= 1 / Math.sqrt(16), name);
            }
        }
    }

    @Test
    void gradientsAreThoseOfFiniteDifferences() {
        GradientCheck.checkLayer(3, store -> Linear.of(store, 4, 3)::forward, 5, 4);
    }
}
