package io.github.corymb.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.OptionalDouble;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class AucTest {

    @Provide
    static Arbitrary<List<ScoredRow>> rows() {
        return ScoredRow.rows(TaskKind.BINARY);
    }

    /// Every pair of a positive and a negative row, one by one.
    static OptionalDouble overAllPairs(List<ScoredRow> rows) {
        double wins = 0;
        double pairs = 0;
        for (ScoredRow i : rows) {
            for (ScoredRow j : rows) {
                double weight = i.label() == 1 && j.label() == 0 ? i.weight() * j.weight() : 0;
                wins += weight * (1 + Math.signum(i.prediction() - j.prediction())) / 2;
                pairs += weight;
            }
        }
        return pairs == 0 ? OptionalDouble.empty() : OptionalDouble.of(wins / pairs);
    }

    @Property(tries = 300, seed = "2001")
    void equalsTheShareOfPairsInOrder(@ForAll("rows") List<ScoredRow> rows) {
        OptionalDouble expected = overAllPairs(rows);
        OptionalDouble found = new Auc().compute(ScoredRow.weighted(TaskKind.BINARY, rows));
        assertEquals(expected.isPresent(), found.isPresent());
        assertEquals(expected.orElse(0), found.orElse(0), 1e-12);
    }

    @Property(tries = 300, seed = "2002")
    void equalsTheMidranksOfPositives(@ForAll("rows") List<ScoredRow> rows) {
        double midranks = 0;
        double n1 = 0;
        for (ScoredRow i : rows) {
            long below =
                    rows.stream().filter(j -> j.prediction() < i.prediction()).count();
            long tied =
                    rows.stream().filter(j -> j.prediction() == i.prediction()).count();
            midranks += i.label() * (below + (tied + 1) / 2.0);
            n1 += i.label();
        }
        double n0 = rows.size() - n1;
        OptionalDouble found = new Auc().compute(ScoredRow.unweighted(TaskKind.BINARY, rows));
        if (n1 > 0 && n0 > 0) {
            assertEquals((midranks - n1 * (n1 + 1) / 2) / (n1 * n0), found.orElseThrow(), 1e-12);
        }
    }

    @Test
    void aTieCountsOneHalf() {
        Scored scored = Scored.binary(new double[] {0.2, 0.7, 0.7, 0.9}, new double[] {0, 0, 1, 0});
        assertEquals((1 + 0.5 + 0) / 3, new Auc().compute(scored).orElseThrow(), 1e-15);
    }

    @Test
    void aPairCountsTheProductOfItsWeights() {
        Scored scored =
                Scored.binary(new double[] {0.1, 0.5, 0.3}, new double[] {0, 0, 1}, new double[] {2, 3, 5}, null);
        assertEquals(5.0 * 2 / (5 * (2 + 3)), new Auc().compute(scored).orElseThrow(), 1e-15);
    }

    @Test
    void oneClassAloneHasNone() {
        assertEquals(OptionalDouble.empty(), new Auc().compute(Scored.binary(new double[] {0.2}, new double[] {0})));
        assertEquals(OptionalDouble.empty(), new Auc().compute(Scored.binary(new double[] {0.2}, new double[] {1})));
    }
}
