package io.github.corymb.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RateScheduleTest {

    @Test
    void aConstantScheduleAndAPlateauLeaveTheRate() {
        assertEquals(1, new RateSchedule.Constant().scale(7, 10));
        assertEquals(1, new RateSchedule.Plateau(0.1, 2, "mean").scale(7, 10));
    }

    @Test
    void warmUpRisesInAStraightLine() {
        RateSchedule warmUp = new RateSchedule.WarmUp(4);
        assertEquals(1.0 / 4, warmUp.scale(0, 10));
        assertEquals(3.0 / 4, warmUp.scale(2, 10));
        assertEquals(1, warmUp.scale(3, 10));
        assertEquals(1, warmUp.scale(9, 10));
    }

    @Test
    void cosineFallsFromOneToItsFloor() {
        RateSchedule cosine = new RateSchedule.Cosine(0, 0.2);
        assertEquals(1, cosine.scale(0, 10), 1e-12);
        assertEquals(0.2 + (1 - 0.2) * (1 + 0) / 2, cosine.scale(5, 10), 1e-12);
        assertEquals(0.2 + (1 - 0.2) * (1 + Math.cos(Math.PI / 4)) / 2, cosine.scale(2, 8), 1e-12);
        assertEquals(0.2, cosine.scale(10, 10), 1e-12);
        assertEquals(0.2, cosine.scale(11, 10), 1e-12);
    }

    @Test
    void cosineWarmsUpFirst() {
        RateSchedule cosine = new RateSchedule.Cosine(4, 0.0);
        assertEquals(1.0 / 4, cosine.scale(0, 12));
        assertEquals(1, cosine.scale(3, 12));
        assertEquals(1, cosine.scale(4, 12));
        assertEquals((1 + Math.cos(Math.PI * 4 / 8)) / 2, cosine.scale(8, 12), 1e-12);
    }

    @Property(tries = 300, seed = "2026")
    void everyScaleIsBetweenTheFloorAndOneAndFallsOnceItIsUp(
            @ForAll @IntRange(max = 50) int warmUpSteps,
            @ForAll @DoubleRange(max = 1) double floor,
            @ForAll @IntRange(min = 1, max = 200) int totalSteps) {
        RateSchedule cosine = new RateSchedule.Cosine(warmUpSteps, floor);
        double before = 1;
        for (int step = warmUpSteps; step < totalSteps; step++) {
            double scale = cosine.scale(step, totalSteps);
            assertTrue(scale >= floor - 1e-12 && scale <= before + 1e-12);
            before = scale;
        }
    }

    @Test
    void whatCannotBeIsRefusedByItsKey() {
        assertRefused("steps: expected at least 1, found nothing", () -> new RateSchedule.WarmUp(null));
        assertRefused("warm_up_steps: expected at least 0, found -1", () -> new RateSchedule.Cosine(-1, null));
        assertRefused("floor: expected from 0 to 1, found 1.5", () -> new RateSchedule.Cosine(null, 1.5));
        assertRefused("floor: expected from 0 to 1, found NaN", () -> new RateSchedule.Cosine(null, Double.NaN));
        assertRefused("factor: expected above 0 and below 1, found 1.0", () -> new RateSchedule.Plateau(1.0, 1, null));
        assertRefused("patience: expected at least 1, found 0", () -> new RateSchedule.Plateau(0.5, 0, null));
        assertRefused("patience: expected at least 1, found 0", () -> new EarlyStopping(null, 0, null));
        assertRefused("min_delta: expected at least 0, found -0.1", () -> new EarlyStopping(null, null, -0.1));
        assertRefused("steps: expected at least 1, found 0", () -> new CheckpointSpec(0L, null, null, null));
        assertRefused("minutes: expected above 0, found 0.0", () -> new CheckpointSpec(null, 0.0, null, null));
        assertRefused("keep: expected at least 1, found 0", () -> new CheckpointSpec(null, null, 0, null));
    }

    private static void assertRefused(String expected, Runnable creation) {
        assertEquals(
                expected,
                assertThrows(IllegalArgumentException.class, creation::run).getMessage());
    }
}
