package io.github.corymb.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/// What every metric of the catalogue keeps.
class MetricContractTest {

    record Case(Metric metric, List<ScoredRow> rows, TaskKind kind) {

        OptionalDouble weighted() {
            return metric.compute(ScoredRow.weighted(kind, rows));
        }
    }

    @Provide
    static Arbitrary<Case> cases() {
        return Arbitraries.of(TaskKind.values())
                .flatMap(kind -> Arbitraries.of(metrics(kind))
                        .flatMap(metric -> ScoredRow.rows(kind).map(rows -> new Case(metric, rows, kind))));
    }

    private static List<Metric> metrics(TaskKind kind) {
        Stream<Metric> variants = kind == TaskKind.BINARY
                ? Stream.of(new GroupedAuc(GroupWeighting.CLICKS), new ExpectedCalibrationError(2))
                : Stream.empty();
        return Stream.concat(Metrics.forKind(kind).stream(), variants).toList();
    }

    private static void assertSame(OptionalDouble expected, OptionalDouble found) {
        assertEquals(expected.isPresent(), found.isPresent());
        assertEquals(expected.orElse(0), found.orElse(0), 1e-12);
    }

    @Property(tries = 300, seed = "1001")
    void aWeightCountsAsRepeatedRowsAndZeroAsNone(@ForAll("cases") Case c) {
        Scored repeated = ScoredRow.unweighted(c.kind, ScoredRow.repeated(c.rows));
        assertSame(c.metric.compute(repeated), c.weighted());
    }

    @Property(tries = 300, seed = "1002")
    void theOrderOfRowsDoesNotMatter(@ForAll("cases") Case c, @ForAll Random random) {
        List<ScoredRow> shuffled = new ArrayList<>(c.rows);
        Collections.shuffle(shuffled, random);
        assertSame(c.weighted(), new Case(c.metric, shuffled, c.kind).weighted());
    }

    @Property(tries = 300, seed = "1003")
    void onlyTheRatiosOfWeightsMatter(@ForAll("cases") Case c) {
        List<ScoredRow> scaled =
                c.rows.stream().map(row -> row.withWeight(row.weight() * 0.37)).toList();
        assertSame(c.weighted(), new Case(c.metric, scaled, c.kind).weighted());
    }

    @Test
    void noRowsDefineNoMetric() {
        for (TaskKind kind : TaskKind.values()) {
            for (Metric metric : metrics(kind)) {
                Scored none = ScoredRow.unweighted(kind, List.of());
                assertEquals(OptionalDouble.empty(), metric.compute(none), metric.name());
            }
        }
    }

    @Test
    void aMetricRefusesTasksOfOtherKinds() {
        Scored regression = Scored.regression(new double[] {1}, new double[] {2});
        var refusal = assertThrows(IllegalArgumentException.class, () -> new Auc().compute(regression));
        assertEquals("auc: expected a task of [BINARY], found REGRESSION", refusal.getMessage());
    }

    @Test
    void theCatalogueFindsEveryMetricByItsName() {
        assertEquals(
                List.of("auc", "gauc", "log_loss", "ne", "pcoc", "ece", "accuracy", "rmse", "mae", "r2", "macro_f1"),
                Metrics.names());
        for (TaskKind kind : TaskKind.values()) {
            for (Metric metric : Metrics.forKind(kind)) {
                assertEquals(metric, Metrics.named(metric.name()));
                assertTrue(metric.kinds().contains(kind));
            }
        }
    }

    @Test
    void anUnknownNameIsRefusedWithTheNamesThereAre() {
        var refusal = assertThrows(IllegalArgumentException.class, () -> Metrics.named("acu"));
        assertEquals(
                "metric: expected one of auc, gauc, log_loss, ne, pcoc, ece, accuracy, rmse, mae, r2, macro_f1, "
                        + "found 'acu'",
                refusal.getMessage());
    }

    @Test
    void theGoalSaysWhichValueIsBetter() {
        assertTrue(Metrics.named("auc").goal().isBetter(0.8, 0.7));
        assertTrue(Metrics.named("log_loss").goal().isBetter(0.3, 0.4));
        assertTrue(Metrics.named("pcoc").goal().isBetter(1.1, 0.8));
        assertTrue(Metrics.named("pcoc").goal().isBetter(0.9, 1.2));
    }
}
