package io.github.corymb.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class MacroF1Test {

    @Provide
    static Arbitrary<List<ScoredRow>> rows() {
        return ScoredRow.rows(TaskKind.MULTICLASS);
    }

    private static int predicted(ScoredRow row) {
        double highest = row.predictions().stream().mapToDouble(p -> p).max().orElseThrow();
        return row.predictions().indexOf(highest);
    }

    private static double weightOf(List<ScoredRow> rows, int label, int predicted) {
        return rows.stream()
                .filter(row -> row.label() == label && predicted(row) == predicted)
                .mapToDouble(ScoredRow::weight)
                .sum();
    }

    @Property(tries = 300, seed = "5001")
    void equalsTheMeanOverTheConfusionMatrix(@ForAll("rows") List<ScoredRow> rows) {
        double sum = 0;
        int classes = 0;
        double diagonal = 0;
        double all = 0;
        for (int c = 0; c < ScoredRow.CLASS_COUNT; c++) {
            double labelled = 0;
            double predicted = 0;
            for (int other = 0; other < ScoredRow.CLASS_COUNT; other++) {
                labelled += weightOf(rows, c, other);
                predicted += weightOf(rows, other, c);
            }
            double hit = weightOf(rows, c, c);
            diagonal += hit;
            all += labelled;
            if (labelled + predicted > 0) {
                double precision = predicted == 0 ? 0 : hit / predicted;
                double recall = labelled == 0 ? 0 : hit / labelled;
                sum += hit == 0 ? 0 : 2 * precision * recall / (precision + recall);
                classes++;
            }
        }
        Scored scored = ScoredRow.weighted(TaskKind.MULTICLASS, rows);
        assertEquals(
                classes == 0 ? -1 : sum / classes, new MacroF1().compute(scored).orElse(-1), 1e-12);
        assertEquals(
                all == 0 ? -1 : diagonal / all, new Accuracy().compute(scored).orElse(-1), 1e-12);
    }

    @Test
    void aClassThatOccursNowhereIsLeftOut() {
        double[] predictions = {0.6, 0.4, 0, 0, 0.5, 0.5, 0, 0, 0.1, 0.9, 0, 0}; // [3, 4] predicts 0, 0, 1
        Scored scored = Scored.multiclass(4, predictions, new double[] {0, 3, 1});
        double f0 = 2.0 * 1 / (2 * 1 + 1 + 0);
        double f1 = 2.0 * 1 / (2 * 1 + 0 + 0);
        double f3 = 0;
        assertEquals((f0 + f1 + f3) / 3, new MacroF1().compute(scored).orElseThrow(), 1e-15);
    }

    @Test
    void accuracyOfABinaryTaskPredictsOneFromOneHalfOn() {
        Scored scored = Scored.binary(
                new double[] {0.5, 0.5, 0.49, 0.9}, new double[] {1, 0, 0, 0}, new double[] {1, 2, 3, 4}, null);
        assertEquals((1.0 + 3) / (1 + 2 + 3 + 4), new Accuracy().compute(scored).orElseThrow(), 1e-15);
    }
}
