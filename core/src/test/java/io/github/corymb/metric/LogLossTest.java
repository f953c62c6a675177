package io.github.corymb.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class LogLossTest {

    private static final double[] PREDICTIONS = {0.9, 0.8, 0.4};
    private static final double[] LABELS = {1, 0, 0};
    private static final double[] WEIGHTS = {1, 0.5, 2};

    private static double logLoss(Scored scored) {
        return new LogLoss().compute(scored).orElseThrow();
    }

    @Test
    void equalsTheMeanNegativeLogLikelihood() {
        double expected = -(Math.log(0.9) + Math.log(1 - 0.8) + Math.log(1 - 0.4)) / 3;
        assertEquals(expected, logLoss(Scored.binary(PREDICTIONS, LABELS)), 1e-15);
    }

    @Test
    void aRowCountsByItsWeight() {
        double expected = -(Math.log(0.9) + 0.5 * Math.log(1 - 0.8) + 2 * Math.log(1 - 0.4)) / (1 + 0.5 + 2);
        assertEquals(expected, logLoss(Scored.binary(PREDICTIONS, LABELS, WEIGHTS, null)), 1e-15);
    }

    @Test
    void certaintyThatIsWrongCostsTheFloor() {
        Scored scored = Scored.binary(new double[] {0, 1}, new double[] {1, 0});
        assertEquals(-Math.log(LogLoss.PROBABILITY_FLOOR), logLoss(scored), 1e-15);
    }

    @Test
    void takesTheProbabilityOfTheLabelledClass() {
        double[] predictions = {0.7, 0.2, 0.1, 0.3, 0.3, 0.4}; // [2, 3]
        double expected = -(1 * Math.log(0.2) + 3 * Math.log(0.4)) / (1 + 3);
        Scored scored = Scored.multiclass(3, predictions, new double[] {1, 2}, new double[] {1, 3}, null);
        assertEquals(expected, logLoss(scored), 1e-15);
    }

    @Test
    void normalizedEntropyIsLogLossOverThatOfTheBaseRate() {
        double r = 1 / (1 + 0.5 + 2);
        double entropy = -(r * Math.log(r) + (1 - r) * Math.log(1 - r));
        Scored scored = Scored.binary(PREDICTIONS, LABELS, WEIGHTS, null);
        double found = new NormalizedEntropy().compute(scored).orElseThrow();
        assertEquals(logLoss(scored) / entropy, found, 1e-15);
    }

    @Test
    void predictingTheBaseRateHasNormalizedEntropyOne() {
        Scored scored = Scored.binary(new double[] {0.25, 0.25, 0.25, 0.25}, new double[] {0, 1, 0, 0});
        assertEquals(1, new NormalizedEntropy().compute(scored).orElseThrow(), 1e-15);
    }

    @Test
    void oneClassAloneHasNoNormalizedEntropy() {
        for (double label : new double[] {0, 1}) {
            Scored scored = Scored.binary(new double[] {0.2, 0.3}, new double[] {label, label});
            assertEquals(OptionalDouble.empty(), new NormalizedEntropy().compute(scored));
        }
    }

    @Test
    void pcocIsPredictedOverObserved() {
        Scored scored = Scored.binary(PREDICTIONS, LABELS, WEIGHTS, null);
        double found = new Pcoc().compute(scored).orElseThrow();
        assertEquals((0.9 + 0.5 * 0.8 + 2 * 0.4) / (1 * 1), found, 1e-15);
    }

    @Test
    void pcocIsNotDefinedWhereNothingIsObserved() {
        assertEquals(OptionalDouble.empty(), new Pcoc().compute(Scored.binary(new double[] {0.2}, new double[] {0})));
        assertEquals(OptionalDouble.empty(), new Pcoc().compute(Scored.binary(new double[] {0}, new double[] {0})));
    }
}
