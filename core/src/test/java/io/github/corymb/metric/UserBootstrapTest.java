package io.github.corymb.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UserBootstrapTest {

    private static final int USER_COUNT = 30;
    private static final int ROWS_OF_USER = 4;
    private static final int ROW_COUNT = USER_COUNT * ROWS_OF_USER;

    private final SplittableRandom random = new SplittableRandom(20260101);
    private final double[] labels = doubles(ROW_COUNT, () -> random.nextInt(2));
    private final double[] guesses = doubles(ROW_COUNT, () -> random.nextInt(10) / 10.0);
    private final double[] betterGuesses = IntStream.range(0, ROW_COUNT)
            .mapToDouble(i -> (guesses[i] + labels[i]) / 2)
            .toArray();
    private final long[] users =
            IntStream.range(0, ROW_COUNT).mapToLong(i -> i % USER_COUNT * 77L).toArray();

    private static double[] doubles(int count, DoubleSupplier supplier) {
        return IntStream.range(0, count)
                .mapToDouble(_ -> supplier.getAsDouble())
                .toArray();
    }

    /// The rows of the drawn users, copied as often as drawn, each draw a user of its own.
    private double metricOfCopies(Metric metric, double[] predictions, int[] draws) {
        int[] rows = IntStream.range(0, draws.length)
                .flatMap(d -> IntStream.range(0, ROWS_OF_USER).map(r -> draws[d] + r * USER_COUNT))
                .toArray();
        long[] drawnUsers =
                IntStream.range(0, rows.length).mapToLong(i -> i / ROWS_OF_USER).toArray();
        return metric.valueOrNaN(Scored.binary(
                Arrays.stream(rows).mapToDouble(row -> predictions[row]).toArray(),
                Arrays.stream(rows).mapToDouble(row -> labels[row]).toArray(),
                null,
                drawnUsers));
    }

    @Test
    void equalsTheMetricOverCopiedRowsOfTheSameDraws() {
        for (Metric metric : new Metric[] {new Auc(), new GroupedAuc(GroupWeighting.EQUAL), new LogLoss()}) {
            SplittableRandom draw = new SplittableRandom(5);
            double[] expected = IntStream.range(0, 20)
                    .mapToObj(_ -> draw.ints(USER_COUNT, 0, USER_COUNT).toArray())
                    .mapToDouble(draws ->
                            metricOfCopies(metric, betterGuesses, draws) - metricOfCopies(metric, guesses, draws))
                    .sorted()
                    .toArray();
            double[] found = new UserBootstrap(20, 5)
                    .differences(
                            metric,
                            Scored.binary(guesses, labels, null, users),
                            Scored.binary(betterGuesses, labels, null, users));
            assertArrayEquals(expected, found, 1e-12, metric.name());
        }
    }

    @Test
    void aBetterModelIsSignificantlyBetter() {
        PairedDifference found = new UserBootstrap(1)
                .compare(
                        new Auc(),
                        Scored.binary(guesses, labels, null, users),
                        Scored.binary(betterGuesses, labels, null, users))
                .orElseThrow();
        assertTrue(found.isSignificant() && found.lower() > 0);
        assertEquals(2.0 / (UserBootstrap.DEFAULT_RESAMPLE_COUNT + 1), found.p(), 1e-15); // none is at or below 0
    }

    @Test
    void aModelDoesNotDifferFromItself() {
        Scored scored = Scored.binary(guesses, labels, null, users);
        PairedDifference found =
                new UserBootstrap(100, 1).compare(new Auc(), scored, scored).orElseThrow();
        double auc = new Auc().valueOrNaN(scored);
        assertEquals(new PairedDifference(auc, auc, 0, 0, 0, 1), found);
    }

    /// With n rows, the standard error of a mean is √(Σ (d − d̄)² / n²), the spread of drawing n of them.
    @Test
    void rowsWithoutGroupsAreDrawnOneByOne() {
        Scored baseline = Scored.regression(labels, labels);
        Scored candidate = Scored.regression(guesses, labels);
        double[] errors = IntStream.range(0, ROW_COUNT)
                .mapToDouble(i -> Math.abs(guesses[i] - labels[i]))
                .toArray();
        MeanAndDeviation error = MeanAndDeviation.of(errors);
        PairedDifference found = new UserBootstrap(4_000, 3)
                .compare(new Mae(), baseline, candidate)
                .orElseThrow();
        double expected = error.deviation().orElseThrow() * Math.sqrt((ROW_COUNT - 1.0) / ROW_COUNT / ROW_COUNT);
        assertEquals(1, found.standardError() / expected, 4 / Math.sqrt(2 * 4_000)); // 4 errors of a deviation
        assertEquals(error.mean(), found.difference(), 1e-12);
        assertEquals(error.mean() + 1.96 * expected, found.upper(), 0.25 * expected);
        assertEquals(error.mean() - 1.96 * expected, found.lower(), 0.25 * expected);
    }

    @Test
    void theSeedDecidesTheDraws() {
        Scored baseline = Scored.binary(guesses, labels, null, users);
        Scored candidate = Scored.binary(betterGuesses, labels, null, users);
        var first = new UserBootstrap(50, 8).compare(new Pcoc(), baseline, candidate);
        assertEquals(first, new UserBootstrap(50, 8).compare(new Pcoc(), baseline, candidate));
        assertFalse(first.equals(new UserBootstrap(50, 9).compare(new Pcoc(), baseline, candidate)));
    }

    @Test
    void resamplesOfOneClassAreLeftOut() {
        Scored scored = Scored.binary(new double[] {0.2, 0.8}, new double[] {0, 1});
        double[] found = new UserBootstrap(1_000, 2).differences(new Auc(), scored, scored);
        assertEquals(0.5, found.length / 1_000.0, 4 * Math.sqrt(0.25 / 1_000)); // half of the draws are (0, 1), (1, 0)
    }

    @Test
    void whereTheMetricIsNotDefinedNothingIsCompared() {
        Scored scored = Scored.binary(new double[] {0.2, 0.8}, new double[] {1, 1});
        assertEquals(Optional.empty(), new UserBootstrap(10, 2).compare(new Auc(), scored, scored));
    }

    @Test
    void refusesOtherRows() {
        Scored baseline = Scored.binary(guesses, labels, null, users);
        Scored candidate = Scored.binary(guesses, labels);
        assertThrows(
                IllegalArgumentException.class, () -> new UserBootstrap(1).compare(new Auc(), baseline, candidate));
    }

    @Test
    void percentilesAreLinearBetweenValues() {
        double[] values = {1, 2, 4, 8};
        assertEquals(1, UserBootstrap.percentile(values, 0));
        assertEquals(2 + 0.5 * (4 - 2), UserBootstrap.percentile(values, 0.5), 1e-15);
        assertEquals(4 + (0.9 * 3 - 2) * (8 - 4), UserBootstrap.percentile(values, 0.9), 1e-14);
        assertEquals(8, UserBootstrap.percentile(values, 1));
    }
}
