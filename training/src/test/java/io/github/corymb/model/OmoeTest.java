package io.github.corymb.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.corymb.network.PlainStore;
import io.github.corymb.tensor.PlainTensor;
import io.github.corymb.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class OmoeTest {

    private static final List<TaskHead> TASKS = List.of(new TaskHead("like", 1), new TaskHead("genre", 3));
    private static final List<Integer> EXPERT = List.of(4, 3);
    private static final List<Integer> TOWER = List.of(2);
    private static final Omoe.Spec SPEC = new Omoe.Spec(2, EXPERT, TOWER, null, null, null, null, null);

    @Test
    void everyTaskSeesOneMixture() {
        PlainStore store = new PlainStore(45);
        double[] x = {0.3, -0.7};
        List<Tensor> y = SPEC.build(store, 2, TASKS).forward(List.of(PlainTensor.of(x, 1, 2)));
        ByHand hand = new ByHand(store);
        double[] z = ByHand.mix(hand.gate("gate", x), List.of(hand.layers("expert.0", x), hand.layers("expert.1", x)));
        assertArrayEquals(hand.tower("like", z), PlainTensor.values(y.get(0)), 1e-12);
        assertArrayEquals(hand.tower("genre", z), PlainTensor.values(y.get(1)), 1e-12);
    }

    @Test
    void equalsMmoeWhoseGatesAreOne() {
        Mmoe.Spec mmoe = new Mmoe.Spec(2, EXPERT, TOWER, null, null, null, null, null);
        PlainStore shared = new PlainStore(46, name -> name.replaceFirst("^gate\\.\\w+\\.", "gate."));
        Tensor x = PlainTensor.of(new double[] {0.3, -0.7, 1.9, 0.1}, 2, 2);
        List<Tensor> expected = mmoe.build(shared, 2, TASKS).forward(List.of(x));
        List<Tensor> actual = SPEC.build(new PlainStore(46), 2, TASKS).forward(List.of(x));
        for (int k = 0; k < 2; k++) {
            assertArrayEquals(PlainTensor.values(expected.get(k)), PlainTensor.values(actual.get(k)), 1e-12);
        }
    }
}
