package io.github.corymb.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.corymb.feature.FittedTask;
import io.github.corymb.feature.Task;
import io.github.corymb.network.PlainStore;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskHeadTest {

    private static FittedTask regression(Task.LabelScale scale, double mean) {
        return new FittedTask(
                "rating", new Task.Regression("rating", null, null, null, null, null, scale), List.of(), mean);
    }

    private static FittedTask binary(double mean) {
        return new FittedTask("like", new Task.Binary("rating >= 4", null, null, null), List.of(), mean);
    }

    @Test
    void startsAtWhatPredictsTheMean() {
        assertEquals(new TaskHead("like", 1, Math.log(0.2 / 0.8)), TaskHead.of(binary(0.2), OutputBias.LABEL_MEAN));
        assertEquals(
                new TaskHead("rating", 1, 3.5),
                TaskHead.of(regression(Task.LabelScale.LINEAR, 3.5), OutputBias.LABEL_MEAN));
        assertEquals(
                new TaskHead("rating", 1, Math.log1p(3.5)),
                TaskHead.of(regression(Task.LabelScale.LOG, 3.5), OutputBias.LABEL_MEAN));
        FittedTask genre = new FittedTask(
                "genre", new Task.Multiclass("genre", null, null, null, null), List.of("a", "b", "c"), 0);
        assertEquals(new TaskHead("genre", 3, 0), TaskHead.of(genre, OutputBias.LABEL_MEAN));
    }

    @Test
    void startsAtZeroWhereAskedTo() {
        assertEquals(new TaskHead("like", 1, 0), TaskHead.of(binary(0.2), OutputBias.ZERO));
    }

    @Test
    void isFiniteWithoutAPositiveOrANegativeRow() {
        assertEquals(
                Math.log(1e-6 / (1 - 1e-6)),
                TaskHead.of(binary(0), OutputBias.LABEL_MEAN).bias(),
                1e-9);
        assertEquals(
                -Math.log(1e-6 / (1 - 1e-6)),
                TaskHead.of(binary(1), OutputBias.LABEL_MEAN).bias(),
                1e-9);
    }

    @Test
    void isWhereTheTowerStarts() {
        PlainStore store = new PlainStore(54);
        new SharedBottom.Spec(null, null, null, null, null)
                .build(store, 5, List.of(new TaskHead("like", 1, -1.5), new TaskHead("genre", 3)));
        assertArrayEquals(
                new double[] {-1.5}, store.get("tower.like.output.bias").values());
        assertArrayEquals(
                new double[] {0, 0, 0}, store.get("tower.genre.output.bias").values());
    }

    @Test
    void refusesWhatIsNoHead() {
        assertEquals(
                "tasks.like: expected a width of at least 1, found 0",
                assertThrows(IllegalArgumentException.class, () -> new TaskHead("like", 0))
                        .getMessage());
        assertEquals(
                "tasks.like: expected a finite bias, found NaN",
                assertThrows(IllegalArgumentException.class, () -> new TaskHead("like", 1, Double.NaN))
                        .getMessage());
    }
}
