package io.github.corymb.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class FeatureFitterTest {

    @Test
    void momentsAreThoseOfTheValuesThatAreThere() {
        FeatureStatistics statistics = fit(Scaling.STANDARD, 9, Arrays.asList(1, 2, null, 6));
        assertEquals(4, statistics.rowCount());
        assertEquals(1, statistics.missingCount());
        assertEquals((1 + 2 + 6) / 3.0, statistics.mean(), 1e-15);
        assertEquals(Math.sqrt((2 * 2 + 1 * 1 + 3 * 3) / 3.0), statistics.standardDeviation(), 1e-15);
        assertEquals(1, statistics.minimum());
        assertEquals(6, statistics.maximum());
        assertEquals(List.of(), statistics.boundaries());
    }

    @Test
    void aSmallVarianceFarFromZeroIsExact() {
        FeatureStatistics statistics = fit(Scaling.STANDARD, 9, List.of(1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16));
        assertEquals(Math.sqrt((36 + 9 + 9 + 36) / 4.0), statistics.standardDeviation(), 1e-9);
    }

    @Test
    void momentsOfLogAreThoseOfTheLogarithms() {
        FeatureStatistics statistics = fit(Scaling.LOG, 9, List.of(Math.E - 1, 1 - Math.E, 0.0));
        assertEquals(0, statistics.mean(), 1e-15);
        assertEquals(Math.sqrt(2 / 3.0), statistics.standardDeviation(), 1e-15);
        assertEquals(1 - Math.E, statistics.minimum());
    }

    @Test
    void allMissingGivesZeros() {
        assertEquals(
                new FeatureStatistics(2, 2, 0, 0, 0, 0, List.of()),
                fit(Scaling.STANDARD, 9, Arrays.asList(null, null)));
    }

    @Test
    void bucketsHaveEqualShares() {
        List<Integer> values = IntStream.range(0, 100).boxed().toList().reversed();
        assertEquals(List.of(25.0, 50.0, 75.0), fit(Scaling.QUANTILE, 4, values).boundaries());
        assertEquals(List.of(33.0, 66.0), fit(Scaling.QUANTILE, 3, values).boundaries());
    }

    @Test
    void equalValuesFallIntoOneBucket() {
        assertEquals(
                List.of(5.0),
                fit(Scaling.QUANTILE, 4, List.of(0, 0, 0, 0, 0, 5, 5, 5)).boundaries());
        assertEquals(List.of(), fit(Scaling.QUANTILE, 4, List.of(3, 3, 3)).boundaries());
        assertEquals(
                List.of(), fit(Scaling.QUANTILE, 4, Arrays.asList(null, null)).boundaries());
    }

    @Property(seed = "2026", tries = 100)
    void chunksOfAnySizeGiveTheSameStatistics(
            @ForAll @Size(max = 40) List<@DoubleRange(min = -1e6, max = 1e6) Double> values,
            @ForAll @IntRange(min = 1, max = 41) int chunk) {
        for (Scaling scaling : Scaling.values()) {
            FeatureFitter fitter = new FeatureFitter(schema(scaling, 5), 1);
            for (int from = 0; from < values.size(); from += chunk) {
                List<Double> rows = values.subList(from, Math.min(values.size(), from + chunk));
                fitter.add(Map.of("x", Column.ofRows(rows)), rows.size(), from + 1);
            }
            FeatureStatistics chunked = fitter.finish().statistics().get("x");
            assertEquals(fit(scaling, 5, values), chunked);
        }
    }

    /// Of n = 100,000 even numbers a sample of 2,000 has its median within 5 standard deviations, n / (2 √2000) each.
    @Test
    void aSampleHasTheQuantilesOfTheWhole() {
        QuantileSample sample = new QuantileSample(2000, new SplittableRandom(2026));
        int n = 100_000;
        for (int x = 0; x < n; x++) {
            sample.add(x);
        }
        assertEquals(n / 2.0, sample.boundaries(2).getFirst(), 5 * n / (2 * Math.sqrt(2000)));
        assertEquals(2000 - 1, sample.boundaries(2000).size()); // no number was kept twice
    }

    @Test
    void aWrongValueIsRefusedWithItsRow() {
        assertRefused(
                "feature 'x': expected a finite number, found NaN (row 12)", Column.ofRows(List.of(1.5, Double.NaN)));
        assertRefused("feature 'x': expected a number, found text 'a' (row 11)", Column.ofRows(List.of("a", "b")));
        assertEquals(
                "feature 'x': expected numbers with a finite variance, found a maximum of 1.0E300 and a minimum of"
                        + " -1.0E300",
                assertThrows(InputException.class, () -> fit(Scaling.STANDARD, 9, List.of(1e300, -1e300)))
                        .getMessage());
    }

    private static void assertRefused(String message, Column column) {
        FeatureFitter fitter = new FeatureFitter(schema(Scaling.STANDARD, 9), 1);
        assertEquals(
                message,
                assertThrows(InputException.class, () -> fitter.add(Map.of("x", column), 2, 11))
                        .getMessage());
    }

    private static FeatureStatistics fit(Scaling scaling, int buckets, List<? extends Number> values) {
        FeatureFitter fitter = new FeatureFitter(schema(scaling, buckets), 1);
        fitter.add(Map.of("x", Column.ofRows(values)), values.size(), 1);
        return fitter.finish().statistics().get("x");
    }

    private static FeatureSchema schema(Scaling scaling, int buckets) {
        Integer given = scaling == Scaling.QUANTILE ? buckets : null;
        return new FeatureSchema(Map.of("x", new Feature.Numeric(null, null, null, scaling, given, null)));
    }
}
