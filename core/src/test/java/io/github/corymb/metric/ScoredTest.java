package io.github.corymb.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ScoredTest {

    private static final double[] ONE = {1};

    private static void assertRefused(String message, Executable making) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, making).getMessage());
    }

    @Test
    void refusesValuesOutsideTheirRange() {
        assertRefused(
                "prediction of row 1: expected a probability, found NaN",
                () -> Scored.binary(new double[] {0.5, Double.NaN}, new double[] {0, 1}));
        assertRefused(
                "prediction of row 1: expected a probability, found 1.5",
                () -> Scored.multiclass(2, new double[] {0.5, 0.5, 0, 1.5}, new double[] {0, 1}));
        assertRefused(
                "prediction of row 0: expected a finite number, found Infinity",
                () -> Scored.regression(new double[] {Double.POSITIVE_INFINITY}, ONE));
        assertRefused("label of row 0: expected 0 or 1, found 0.5", () -> Scored.binary(ONE, new double[] {0.5}));
        assertRefused(
                "label of row 0: expected a finite number, found NaN",
                () -> Scored.regression(ONE, new double[] {Double.NaN}));
        assertRefused(
                "label of row 0: expected a class from 0 to 1, found 2.0",
                () -> Scored.multiclass(2, new double[] {0, 1}, new double[] {2}));
        assertRefused(
                "weight of row 0: expected a finite number of at least 0, found -1.0",
                () -> Scored.binary(ONE, ONE, new double[] {-1}, null));
    }

    @Test
    void refusesArraysOfOtherLengths() {
        assertRefused("predictions: expected 1, found 2", () -> Scored.binary(new double[2], ONE));
        assertRefused("predictions: expected 3, found 2", () -> Scored.multiclass(3, new double[2], ONE));
        assertRefused("weights: expected 1, found 2", () -> Scored.binary(ONE, ONE, new double[2], null));
        assertRefused("groups: expected 1, found 0", () -> Scored.binary(ONE, ONE, null, new long[0]));
        assertRefused("classes: expected at least 1, found 0", () -> Scored.multiclass(0, ONE, ONE));
    }

    @Test
    void selectedRowsKeepTheirValues() {
        double[] predictions = {0.1, 0.9, 0.2, 0.8, 0.3, 0.7}; // [3, 2]
        Scored all = Scored.multiclass(2, predictions, new double[] {0, 1, 1}, new double[] {1, 2, 3}, new long[3]);
        Scored some = all.select(new int[] {2, 0});
        assertEquals(2, some.rowCount());
        double expected = -(3 * Math.log(0.7) + 1 * Math.log(0.1)) / (3 + 1);
        assertEquals(expected, new LogLoss().compute(some).orElseThrow(), 1e-15);
    }
}
