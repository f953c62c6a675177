package io.github.corymb.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DeLongTest {

    private static final double[] LABELS = {1, 0, 1, 1, 0, 0, 1, 0, 1, 0};
    private static final double[] BASELINE = {0.9, 0.8, 0.7, 0.7, 0.7, 0.3, 0.6, 0.2, 0.2, 0.1};
    private static final double[] CANDIDATE = {0.8, 0.5, 0.9, 0.4, 0.6, 0.35, 0.7, 0.1, 0.3, 0.3};

    /// The paper's definition: the kernel over all pairs, and the covariance of its two marginal means.
    private static double varianceByKernel(double[] labels, double[] a, double[] b) {
        int[] positives = rowsOf(labels, 1);
        int[] negatives = rowsOf(labels, 0);
        double[] v10 = Arrays.stream(positives)
                .mapToDouble(i -> Arrays.stream(negatives)
                        .mapToDouble(j -> kernel(b[i], b[j]) - kernel(a[i], a[j]))
                        .average()
                        .orElseThrow())
                .toArray();
        double[] v01 = Arrays.stream(negatives)
                .mapToDouble(j -> Arrays.stream(positives)
                        .mapToDouble(i -> kernel(b[i], b[j]) - kernel(a[i], a[j]))
                        .average()
                        .orElseThrow())
                .toArray();
        return variance(v10) / positives.length + variance(v01) / negatives.length;
    }

    private static int[] rowsOf(double[] labels, int label) {
        return IntStream.range(0, labels.length).filter(i -> labels[i] == label).toArray();
    }

    private static double kernel(double positive, double negative) {
        return positive > negative ? 1 : positive == negative ? 0.5 : 0;
    }

    private static double variance(double[] values) {
        double deviation = MeanAndDeviation.of(values).deviation().orElseThrow();
        return deviation * deviation;
    }

    @Property(tries = 100, seed = "7001")
    void equalsTheKernelOverAllPairs(@ForAll long seed, @ForAll @IntRange(min = 4, max = 60) int n) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] labels = IntStream.range(0, n)
                .mapToDouble(i -> i < 4 ? i % 2 : random.nextInt(2))
                .toArray();
        double[] a = IntStream.range(0, n)
                .mapToDouble(_ -> random.nextInt(12) / 12.0)
                .toArray();
        double[] b = IntStream.range(0, n)
                .mapToDouble(i -> (a[i] + random.nextInt(12) / 12.0) / 2)
                .toArray();
        double variance = varianceByKernel(labels, a, b);
        PairedDifference found = DeLong.compare(Scored.binary(a, labels), Scored.binary(b, labels))
                .orElseThrow();
        assertEquals(variance, found.standardError() * found.standardError(), 1e-12);
    }

    @Test
    void equalsTheLiteralValuesOfAnIndependentComputation() {
        PairedDifference found = DeLong.compare(Scored.binary(BASELINE, LABELS), Scored.binary(CANDIDATE, LABELS))
                .orElseThrow();
        assertEquals(0.66, found.baseline(), 1e-12);
        assertEquals(0.78, found.candidate(), 1e-12);
        assertEquals(0.0168, found.standardError() * found.standardError(), 1e-12);
        assertEquals(0.12 / Math.sqrt(0.0168), found.statistic(), 1e-12);
        assertEquals(0.35453947977350075, found.p(), 1e-12);
        assertEquals(0.12 - 1.959963984540054 * Math.sqrt(0.0168), found.lower(), 1e-12);
        assertEquals(0.12 + 1.959963984540054 * Math.sqrt(0.0168), found.upper(), 1e-12);
        assertFalse(found.isSignificant());
    }

    @Test
    void aModelDoesNotDifferFromItself() {
        Scored scored = Scored.binary(BASELINE, LABELS);
        assertEquals(Optional.of(new PairedDifference(0.66, 0.66, 0, 0, 0, 1)), DeLong.compare(scored, scored));
    }

    @Test
    void oneRowOfAClassHasNoVariance() {
        Scored scored = Scored.binary(new double[] {0.1, 0.2, 0.3}, new double[] {1, 0, 0});
        assertEquals(Optional.empty(), DeLong.compare(scored, scored));
    }

    @Test
    void refusesOtherRowsAndWeights() {
        Scored scored = Scored.binary(BASELINE, LABELS);
        Scored otherLabels = Scored.binary(BASELINE, new double[10]);
        assertThrows(IllegalArgumentException.class, () -> DeLong.compare(scored, otherLabels));
        Scored weighted = Scored.binary(BASELINE, LABELS, new double[10], null);
        assertThrows(IllegalArgumentException.class, () -> DeLong.compare(weighted, weighted));
    }
}
