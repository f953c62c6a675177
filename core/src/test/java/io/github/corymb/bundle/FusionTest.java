package io.github.corymb.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FusionTest {

    private static final Map<String, double[]> PREDICTIONS =
            Map.of("click", new double[] {0.5, 0.25, 0.5}, "like", new double[] {0.1, 0.4, 0});
    private static final Map<String, Double> WEIGHTS = Map.of("click", 2.0, "like", 0.5);

    private static double[] scores(Fusion fusion) {
        return fusion.scores(PREDICTIONS::get, 3);
    }

    @Test
    void aWeightedSumAddsWhatTasksPredict() {
        assertArrayEquals(
                new double[] {2 * 0.5 + 0.5 * 0.1, 2 * 0.25 + 0.5 * 0.4, 2 * 0.5 + 0.5 * 0},
                scores(new Fusion.WeightedSum(WEIGHTS)),
                1e-15);
    }

    @Test
    void aProductOfPowersIsItsLogarithmAndClampsZero() {
        assertArrayEquals(
                new double[] {
                    Math.log(Math.pow(0.5, 2) * Math.pow(0.1, 0.5)),
                    Math.log(Math.pow(0.25, 2) * Math.pow(0.4, 0.5)),
                    Math.log(Math.pow(0.5, 2) * Math.pow(1e-9, 0.5))
                },
                scores(new Fusion.PowerProduct(WEIGHTS)),
                1e-12);
    }

    @Test
    void ranksGoFromZeroToOneWithTheMeanForTies() {
        // by click: 0.25 is at place 0, both 0.5 at (1 + 2) / 2 of 2; by like: 0, 0.1, 0.4 at 0, 1, 2 of 2
        assertArrayEquals(
                new double[] {2 * 1.5 / 2 + 0.5 * 1 / 2, 2 * 0.0 / 2 + 0.5 * 2 / 2, 2 * 1.5 / 2 + 0.5 * 0 / 2},
                scores(new Fusion.RankSum(WEIGHTS)),
                1e-15);
        assertArrayEquals(
                new double[] {0.5}, new Fusion.RankSum(Map.of("click", 1.0)).scores(_ -> new double[] {0.9}, 1));
    }

    @Test
    void aFusionOfWhatIsNoTaskIsRefused() {
        GraphSignature graph = new GraphSignature(
                List.of(), List.of(new GraphSignature.Output("click", 1), new GraphSignature.Output("genre", 3)));
        assertEquals(
                "fusions.main: expected a binary or regression task, found 'genre'",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new ServingSpec(graph, Map.of("main", new Fusion.RankSum(Map.of("genre", 1.0)))))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Fusion.WeightedSum(Map.of()));
        assertThrows(IllegalArgumentException.class, () -> new Fusion.PowerProduct(Map.of("click", Double.NaN)));
    }
}
