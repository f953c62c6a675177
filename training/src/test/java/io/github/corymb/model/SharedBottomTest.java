package io.github.corymb.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.corymb.network.PlainStore;
import io.github.corymb.tensor.PlainTensor;
import io.github.corymb.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedBottomTest {

    private static final List<TaskHead> TASKS = List.of(new TaskHead("like", 1), new TaskHead("genre", 3));

    @Test
    void isOneBottomUnderATowerATask() {
        SharedBottom.Spec spec = new SharedBottom.Spec(List.of(4, 3), List.of(2), null, null, null);
        PlainStore store = new PlainStore(43);
        double[] x = {0.3, -0.7};
        List<Tensor> y = spec.build(store, 2, TASKS).forward(List.of(PlainTensor.of(x, 1, 2)));
        ByHand hand = new ByHand(store);
        double[] f = hand.layers("bottom", x);
        assertArrayEquals(hand.tower("like", f), PlainTensor.values(y.get(0)), 1e-12);
        assertArrayEquals(hand.tower("genre", f), PlainTensor.values(y.get(1)), 1e-12);
        assertFalse(spec.ownTables());
    }

    @Test
    void withoutAHiddenLayerIsLinear() {
        SharedBottom.Spec spec = new SharedBottom.Spec(List.of(), List.of(), null, null, null);
        PlainStore store = new PlainStore(44);
        double[] x = {0.3, -0.7};
        List<Tensor> y = spec.build(store, 2, TASKS).forward(List.of(PlainTensor.of(x, 1, 2)));
        double[] w = store.get("tower.like.output.weight").values();
        assertArrayEquals(new double[] {w[0] * 0.3 + w[1] * -0.7}, PlainTensor.values(y.get(0)), 1e-12);
    }
}
