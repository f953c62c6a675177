package io.github.corymb.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RegressionMetricsTest {

    private static final double[] PREDICTIONS = {2.5, 0, 2, 8}; // errors −½, ½, 0, 1
    private static final double[] LABELS = {3, -0.5, 2, 7};
    private static final Scored WEIGHTED =
            Scored.regression(PREDICTIONS, LABELS, new double[] {1, 2, 0.5, 1.5}, null); // Σ w = 5

    private static double value(Metric metric, Scored scored) {
        return metric.compute(scored).orElseThrow();
    }

    @Test
    void rmseIsTheRootOfTheMeanSquare() {
        Scored scored = Scored.regression(PREDICTIONS, LABELS);
        assertEquals(Math.sqrt((0.25 + 0.25 + 0 + 1) / 4), value(new Rmse(), scored), 1e-15);
        assertEquals(Math.sqrt((1 * 0.25 + 2 * 0.25 + 1.5 * 1) / 5), value(new Rmse(), WEIGHTED), 1e-15);
    }

    @Test
    void maeIsTheMeanDistance() {
        Scored scored = Scored.regression(PREDICTIONS, LABELS);
        assertEquals((0.5 + 0.5 + 0 + 1) / 4, value(new Mae(), scored), 1e-15);
        assertEquals((1 * 0.5 + 2 * 0.5 + 1.5 * 1) / 5, value(new Mae(), WEIGHTED), 1e-15);
    }

    @Test
    void rSquaredIsTheShareOfVarianceExplained() {
        double mean = (1 * 3 + 2 * -0.5 + 0.5 * 2 + 1.5 * 7) / 5;
        double variation =
                1 * square(3 - mean) + 2 * square(-0.5 - mean) + 0.5 * square(2 - mean) + 1.5 * square(7 - mean);
        assertEquals(1 - (1 * 0.25 + 2 * 0.25 + 1.5 * 1) / variation, value(new RSquared(), WEIGHTED), 1e-15);
    }

    private static double square(double x) {
        return x * x;
    }

    @Test
    void predictingTheMeanExplainsNothing() {
        assertEquals(0, value(new RSquared(), Scored.regression(new double[] {2, 2}, new double[] {1, 3})), 1e-15);
    }

    @Test
    void labelsThatDoNotVaryHaveNoRSquared() {
        Scored scored =
                Scored.regression(new double[] {1, 2, 3}, new double[] {0.1, 0.1, 0.1}); // mean is not quite 0.1
        assertEquals(OptionalDouble.empty(), new RSquared().compute(scored));
    }

    @Test
    void aSumBeyondTheRangeOfDoublesIsNotDefined() {
        Scored scored = Scored.regression(new double[] {1e200}, new double[] {0});
        assertEquals(OptionalDouble.empty(), new Rmse().compute(scored));
    }
}
