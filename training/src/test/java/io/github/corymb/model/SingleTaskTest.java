package io.github.corymb.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.network.GradientCheck;
import io.github.corymb.network.PlainStore;
import io.github.corymb.tensor.PlainTensor;
import io.github.corymb.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class SingleTaskTest {

    private static final List<TaskHead> TASKS = List.of(new TaskHead("like", 1), new TaskHead("genre", 3));
    private static final SingleTask.Spec SPEC = new SingleTask.Spec(List.of(4, 3), List.of(2), null, null, null);

    @Test
    void eachTaskIsABottomAndATowerOverItsOwnInput() {
        PlainStore store = new PlainStore(41);
        MultiTaskModel model = SPEC.build(store, 2, TASKS);
        double[] x = {0.3, -0.7};
        double[] other = {-1.1, 0.9};
        List<Tensor> y = model.forward(List.of(PlainTensor.of(x, 1, 2), PlainTensor.of(other, 1, 2)));
        ByHand hand = new ByHand(store);
        assertArrayEquals(hand.tower("like", hand.layers("bottom.like", x)), PlainTensor.values(y.get(0)), 1e-12);
        assertArrayEquals(hand.tower("genre", hand.layers("bottom.genre", other)), PlainTensor.values(y.get(1)), 1e-12);
    }

    @Test
    void aTaskTouchesNoParameterOfAnother() {
        GradientCheck.Result first = GradientCheck.run(
                42,
                store -> {
                    MultiTaskModel model = SPEC.build(store, 2, TASKS);
                    return inputs -> List.of(model.forward(inputs).getFirst());
                },
                new long[] {5, 2},
                new long[] {5, 2});
        first.gradients().forEach((name, gradient) -> {
            if (name.contains(".genre.") || name.equals("input.1")) {
                assertArrayEquals(new float[gradient.length], gradient, name);
            }
        });
        assertTrue(SPEC.ownTables());
    }
}
