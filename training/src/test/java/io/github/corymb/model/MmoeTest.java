package io.github.corymb.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.corymb.network.PlainStore;
import io.github.corymb.tensor.PlainTensor;
import io.github.corymb.tensor.Tensor;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MmoeTest {

    private static final List<TaskHead> TASKS = List.of(new TaskHead("like", 1), new TaskHead("genre", 3));
    private static final List<Integer> EXPERT = List.of(4, 3);
    private static final List<Integer> TOWER = List.of(2);

    private static Mmoe.Spec spec(int experts) {
        return new Mmoe.Spec(experts, EXPERT, TOWER, null, null, null, null, null);
    }

    @Test
    void eachTaskMixesTheExpertsByItsOwnGate() {
        PlainStore store = new PlainStore(47);
        double[] x = {0.3, -0.7};
        List<Tensor> y = spec(2).build(store, 2, TASKS).forward(List.of(PlainTensor.of(x, 1, 2)));
        ByHand hand = new ByHand(store);
        List<double[]> f = List.of(hand.layers("expert.0", x), hand.layers("expert.1", x));
        assertArrayEquals(
                hand.tower("like", ByHand.mix(hand.gate("gate.like", x), f)), PlainTensor.values(y.get(0)), 1e-12);
        assertArrayEquals(
                hand.tower("genre", ByHand.mix(hand.gate("gate.genre", x), f)), PlainTensor.values(y.get(1)), 1e-12);
    }

    @Test
    void withOneExpertEqualsSharedBottom() {
        SharedBottom.Spec bottom = new SharedBottom.Spec(EXPERT, TOWER, null, null, null);
        Tensor x = PlainTensor.of(new double[] {0.3, -0.7, 1.9, 0.1}, 2, 2);
        PlainStore renamed = new PlainStore(48, name -> name.replaceFirst("^expert\\.0\\.", "bottom."));
        List<Tensor> actual = spec(1).build(renamed, 2, TASKS).forward(List.of(x));
        List<Tensor> expected = bottom.build(new PlainStore(48), 2, TASKS).forward(List.of(x));
        for (int k = 0; k < 2; k++) {
            assertArrayEquals(PlainTensor.values(expected.get(k)), PlainTensor.values(actual.get(k)), 1e-12);
        }
    }

    @Test
    void namesItsParametersByExpertAndTask() {
        PlainStore store = new PlainStore(49);
        new Mmoe.Spec(2, List.of(4), List.of(), null, null, null, null, null).build(store, 5, TASKS);
        assertEquals(
                Set.of(
                        "expert.0.layer.0.weight", "expert.0.layer.0.bias",
                        "expert.1.layer.0.weight", "expert.1.layer.0.bias",
                        "gate.like.weight", "gate.genre.weight",
                        "tower.like.output.weight", "tower.like.output.bias",
                        "tower.genre.output.weight", "tower.genre.output.bias"),
                store.parameters().keySet());
        assertArrayEquals(new long[] {2, 5}, store.get("gate.like.weight").shape());
    }
}
