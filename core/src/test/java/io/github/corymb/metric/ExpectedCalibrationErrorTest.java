package io.github.corymb.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ExpectedCalibrationErrorTest {

    @Provide
    static Arbitrary<List<ScoredRow>> rows() {
        return ScoredRow.rows(TaskKind.BINARY);
    }

    /// Each row is cut into M crumbs a unit of weight, so that M bins of whole crumbs are of equal mass.
    @Property(tries = 300, seed = "4001")
    void equalsTheSumOverBinsOfWholeCrumbs(
            @ForAll("rows") List<ScoredRow> rows, @ForAll @IntRange(min = 1, max = 17) int binCount) {
        List<ScoredRow> sorted = ScoredRow.repeated(rows).stream()
                .sorted(Comparator.comparingDouble(ScoredRow::prediction))
                .toList();
        List<Double> crumbs = new ArrayList<>();
        for (ScoredRow row : sorted) {
            double tiedRate = sorted.stream()
                    .filter(other -> other.prediction() == row.prediction())
                    .mapToDouble(ScoredRow::label)
                    .average()
                    .orElseThrow();
            for (int i = 0; i < binCount; i++) {
                crumbs.add((row.prediction() - tiedRate) / binCount);
            }
        }
        double error = 0;
        for (int bin = 0; bin < binCount; bin++) {
            List<Double> ofBin = crumbs.subList(bin * sorted.size(), (bin + 1) * sorted.size());
            error += Math.abs(ofBin.stream().mapToDouble(Double::doubleValue).sum());
        }
        Scored scored = ScoredRow.weighted(TaskKind.BINARY, rows);
        double found = new ExpectedCalibrationError(binCount).compute(scored).orElse(0);
        assertEquals(sorted.isEmpty() ? 0 : error / sorted.size(), found, 1e-12);
    }

    @Test
    void equalsTheGapsOfTwoBinsOfTwoRows() {
        Scored scored = Scored.binary(new double[] {0.9, 0.2, 0.1, 0.6}, new double[] {1, 1, 0, 0});
        double expected = Math.abs((0.1 + 0.2) / 2 - (0.0 + 1) / 2) / 2 + Math.abs((0.6 + 0.9) / 2 - (0.0 + 1) / 2) / 2;
        assertEquals(expected, new ExpectedCalibrationError(2).compute(scored).orElseThrow(), 1e-15);
    }

    @Test
    void aConstantPredictionMissesByItsDistanceToTheBaseRate() {
        double[] predictions = {0.3, 0.3, 0.3, 0.3, 0.3};
        Scored scored = Scored.binary(predictions, new double[] {1, 0, 0, 1, 1});
        assertEquals(
                3.0 / 5 - 0.3, new ExpectedCalibrationError().compute(scored).orElseThrow(), 1e-15);
    }

    @Test
    void aRowAcrossACutCountsInBothBins() {
        Scored scored = Scored.binary(new double[] {0.25, 0.5, 0.75}, new double[] {0, 1, 0}); // gaps 1/4, −1/2, 3/4
        double expected = (Math.abs(0.25 - 0.5 * 0.5) + Math.abs(-0.5 * 0.5 + 0.75)) / 3;
        assertEquals(expected, new ExpectedCalibrationError(2).compute(scored).orElseThrow(), 1e-15);
    }
}
