package io.github.corymb.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.corymb.network.PlainStore;
import io.github.corymb.tensor.PlainTensor;
import io.github.corymb.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CgcTest {

    private static final List<TaskHead> TASKS = List.of(new TaskHead("like", 1), new TaskHead("genre", 3));

    private static Cgc.Spec spec(int shared, TaskExperts own) {
        return new Cgc.Spec(shared, own, List.of(4, 3), List.of(2), null, null, null, null, null);
    }

    @Test
    void eachTaskMixesItsOwnExpertsAndTheShared() {
        PlainStore store = new PlainStore(50);
        double[] x = {0.3, -0.7};
        Cgc.Spec spec = spec(1, TaskExperts.of(Map.of("like", 2, "genre", 1)));
        List<Tensor> y = spec.build(store, 2, TASKS).forward(List.of(PlainTensor.of(x, 1, 2)));
        ByHand hand = new ByHand(store);
        double[] shared = hand.layers("level.0.shared.expert.0", x);
        List<double[]> like = List.of(
                hand.layers("level.0.task.like.expert.0", x), hand.layers("level.0.task.like.expert.1", x), shared);
        List<double[]> genre = List.of(hand.layers("level.0.task.genre.expert.0", x), shared);
        assertArrayEquals(
                hand.tower("like", ByHand.mix(hand.gate("level.0.task.like.gate", x), like)),
                PlainTensor.values(y.get(0)),
                1e-12);
        assertArrayEquals(
                hand.tower("genre", ByHand.mix(hand.gate("level.0.task.genre.gate", x), genre)),
                PlainTensor.values(y.get(1)),
                1e-12);
        assertNull(store.get("level.0.shared.gate.weight"));
    }

    @Test
    void refusesAsPleDoes() {
        assertEquals(
                "shared_experts: expected at least 1, found 0",
                assertThrows(IllegalArgumentException.class, () -> spec(0, TaskExperts.of(1)))
                        .getMessage());
    }
}
