package io.github.corymb.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class PairedSeedsTest {

    private static final double[] BASELINE = {0.71, 0.72, 0.70, 0.73, 0.715};
    private static final double[] CANDIDATE = {0.722, 0.725, 0.712, 0.731, 0.729};

    /// Expected values: scipy.stats.ttest_rel and its confidence interval.
    @Test
    void equalsThePairedTTest() {
        PairedDifference found = PairedSeeds.compare(BASELINE, CANDIDATE).orElseThrow();
        assertEquals((0.71 + 0.72 + 0.70 + 0.73 + 0.715) / 5, found.baseline(), 1e-15);
        assertEquals((0.012 + 0.005 + 0.012 + 0.001 + 0.014) / 5, found.difference(), 1e-14);
        assertEquals(0.005540758070878032 / Math.sqrt(5), found.standardError(), 1e-14);
        assertEquals(3.551390973993551, found.statistic(), 1e-10);
        assertEquals(0.023768883666574328, found.p(), 1e-12);
        assertEquals(0.0019202401806338145, found.lower(), 1e-12);
        assertEquals(0.0156797598193662, found.upper(), 1e-12);
        assertTrue(found.isSignificant());
    }

    @Test
    void equalSeedsDoNotDiffer() {
        PairedDifference found = PairedSeeds.compare(BASELINE, BASELINE).orElseThrow();
        assertEquals(1, found.p());
        assertEquals(0, found.statistic());
        assertEquals(0, found.upper());
    }

    @Test
    void aDifferenceThatNeverVariesIsCertain() {
        PairedDifference found = PairedSeeds.compare(new double[] {0.5, 0.75}, new double[] {0.75, 1})
                .orElseThrow();
        assertEquals(new PairedDifference(0.625, 0.875, 0, 0.25, 0.25, 0), found);
        assertEquals(Double.POSITIVE_INFINITY, found.statistic());
    }

    @Test
    void oneSeedSaysNothing() {
        assertEquals(Optional.empty(), PairedSeeds.compare(new double[] {0.7}, new double[] {0.8}));
    }

    @Test
    void refusesSeedsThatAreNotPaired() {
        assertThrows(IllegalArgumentException.class, () -> PairedSeeds.compare(BASELINE, new double[] {0.8}));
    }

    @Test
    void theSampleDeviationDividesByOneLess() {
        MeanAndDeviation found = MeanAndDeviation.of(1, 2, 6);
        assertEquals((1 + 2 + 6) / 3.0, found.mean(), 1e-15);
        assertEquals(Math.sqrt((4.0 + 1 + 9) / (3 - 1)), found.deviation().orElseThrow(), 1e-15);
        assertEquals(new MeanAndDeviation(7, OptionalDouble.empty(), 1), MeanAndDeviation.of(7));
        assertThrows(IllegalArgumentException.class, MeanAndDeviation::of);
    }
}
