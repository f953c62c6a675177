package io.github.corymb.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.corymb.network.PlainStore;
import io.github.corymb.tensor.PlainTensor;
import io.github.corymb.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PleTest {

    private static final List<TaskHead> TASKS = List.of(new TaskHead("like", 1), new TaskHead("genre", 3));

    private static Ple.Spec spec(int shared, TaskExperts own, int levels) {
        return new Ple.Spec(shared, own, levels, List.of(4, 3), List.of(2), null, null, null, null, null);
    }

    @Test
    void levelsFollowTheFormula() {
        PlainStore store = new PlainStore(51);
        double[] x = {0.3, -0.7};
        Ple.Spec spec = spec(2, TaskExperts.of(Map.of("like", 1, "genre", 2)), 2);
        List<Tensor> y = spec.build(store, 2, TASKS).forward(List.of(PlainTensor.of(x, 1, 2)));

        ByHand hand = new ByHand(store);
        double[] like = mixture(hand, 0, "like", 1, x, x);
        double[] genre = mixture(hand, 0, "genre", 2, x, x);
        double[] shared = ByHand.mix(
                hand.gate("level.0.shared.gate", x), // over the experts of all tasks, then the shared ones
                List.of(
                        hand.layers("level.0.task.like.expert.0", x),
                        hand.layers("level.0.task.genre.expert.0", x),
                        hand.layers("level.0.task.genre.expert.1", x),
                        hand.layers("level.0.shared.expert.0", x),
                        hand.layers("level.0.shared.expert.1", x)));
        double[] likeOut = hand.tower("like", mixture(hand, 1, "like", 1, like, shared));
        double[] genreOut = hand.tower("genre", mixture(hand, 1, "genre", 2, genre, shared));
        assertArrayEquals(likeOut, PlainTensor.values(y.get(0)), 1e-12);
        assertArrayEquals(genreOut, PlainTensor.values(y.get(1)), 1e-12);
    }

    private static double[] mixture(ByHand hand, int level, String task, int ownCount, double[] x, double[] shared) {
        String own = "level." + level + ".task." + task;
        List<double[]> experts = new ArrayList<>();
        for (int i = 0; i < ownCount; i++) {
            experts.add(hand.layers(own + ".expert." + i, x));
        }
        experts.add(hand.layers("level." + level + ".shared.expert.0", shared));
        experts.add(hand.layers("level." + level + ".shared.expert.1", shared));
        return ByHand.mix(hand.gate(own + ".gate", x), experts);
    }

    @Test
    void withOneLevelEqualsCgc() {
        Cgc.Spec cgc = new Cgc.Spec(2, TaskExperts.of(1), List.of(4, 3), List.of(2), null, null, null, null, null);
        Tensor x = PlainTensor.of(new double[] {0.3, -0.7, 1.9, 0.1}, 2, 2);
        List<Tensor> expected = cgc.build(new PlainStore(52), 2, TASKS).forward(List.of(x));
        List<Tensor> actual = spec(2, TaskExperts.of(1), 1)
                .build(new PlainStore(52), 2, TASKS)
                .forward(List.of(x));
        for (int k = 0; k < 2; k++) {
            assertArrayEquals(PlainTensor.values(expected.get(k)), PlainTensor.values(actual.get(k)));
        }
    }

    @Test
    void sharedGateMixesAllExpertsAndTheLastLevelHasNone() {
        PlainStore store = new PlainStore(53);
        spec(3, TaskExperts.of(2), 3).build(store, 5, TASKS);
        assertArrayEquals(
                new long[] {2 + 2 + 3, 5},
                store.get("level.0.shared.gate.weight").shape());
        assertArrayEquals(
                new long[] {2 + 2 + 3, 3},
                store.get("level.1.shared.gate.weight").shape());
        assertNull(store.get("level.2.shared.gate.weight"));
        assertArrayEquals(
                new long[] {2 + 3, 3},
                store.get("level.2.task.like.gate.weight").shape());
    }

    @Test
    void refusesWhatIsNoModel() {
        assertEquals(
                "levels: expected at least 1, found 0",
                assertThrows(IllegalArgumentException.class, () -> spec(1, TaskExperts.of(1), 0))
                        .getMessage());
    }
}
