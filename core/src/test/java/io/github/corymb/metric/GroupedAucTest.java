package io.github.corymb.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class GroupedAucTest {

    @Provide
    static Arbitrary<List<ScoredRow>> rows() {
        return ScoredRow.rows(TaskKind.BINARY);
    }

    @Property(tries = 300, seed = "3001")
    void equalsTheMeanOfUsersAucs(@ForAll("rows") List<ScoredRow> rows, @ForAll GroupWeighting weighting) {
        Map<Long, List<ScoredRow>> users =
                rows.stream().filter(row -> row.weight() > 0).collect(Collectors.groupingBy(ScoredRow::group));
        double weightedAucs = 0;
        double weights = 0;
        int used = 0;
        double skippedRows = 0;
        for (List<ScoredRow> user : users.values()) {
            double rowWeight = user.stream().mapToDouble(ScoredRow::weight).sum();
            double clicks =
                    user.stream().mapToDouble(row -> row.label() * row.weight()).sum();
            double weight = switch (weighting) {
                case IMPRESSIONS -> rowWeight;
                case CLICKS -> clicks;
                case EQUAL -> rowWeight / user.size();
            };
            OptionalDouble auc = AucTest.overAllPairs(user);
            if (auc.isPresent()) {
                weightedAucs += weight * auc.getAsDouble();
                weights += weight;
                used++;
            } else {
                skippedRows += rowWeight;
            }
        }
        var found = new GroupedAuc(weighting).result(ScoredRow.weighted(TaskKind.BINARY, rows));
        assertEquals(used > 0, found.value().isPresent());
        assertEquals(used == 0 ? 0 : weightedAucs / weights, found.value().orElse(0), 1e-12);
        assertEquals(used, found.usedUserCount());
        assertEquals(users.size() - used, found.skippedUserCount());
        assertEquals(users.isEmpty() ? 0 : 1 - (double) used / users.size(), found.skippedUserShare(), 1e-12);
        double allRows = rows.stream().mapToDouble(ScoredRow::weight).sum();
        assertEquals(allRows == 0 ? 0 : skippedRows / allRows, found.skippedRowShare(), 1e-12);
    }

    /// User 7 has AUC ½ over 3 rows, one of them positive; user 8 has AUC 1 over 4 rows, two positive; user 9 is
    /// skipped.
    private static Scored threeUsers() {
        return Scored.binary(
                new double[] {0.5, 0.4, 0.6, 0.9, 0.8, 0.2, 0.1, 0.3},
                new double[] {1, 0, 0, 1, 1, 0, 0, 1},
                null,
                new long[] {7, 7, 7, 8, 8, 8, 8, 9});
    }

    @Test
    void weighsUsersByImpressionsUnlessAskedOtherwise() {
        assertEquals(
                (3 * 0.5 + 4 * 1) / (3 + 4),
                new GroupedAuc().compute(threeUsers()).orElseThrow(),
                1e-15);
        assertEquals((1 * 0.5 + 2 * 1) / (1 + 2), value(GroupWeighting.CLICKS), 1e-15);
        assertEquals((0.5 + 1) / 2, value(GroupWeighting.EQUAL), 1e-15);
    }

    private static double value(GroupWeighting weighting) {
        return new GroupedAuc(weighting).compute(threeUsers()).orElseThrow();
    }

    @Test
    void saysWhatItSkips() {
        var expected = new GroupedAuc.Result(OptionalDouble.of((3 * 0.5 + 4 * 1) / 7), 2, 1, 1.0 / 3, 1.0 / 8);
        assertEquals(expected, new GroupedAuc().result(threeUsers()));
    }

    @Test
    void rowsWithoutGroupsHaveNone() {
        Scored scored = Scored.binary(new double[] {0.2, 0.4}, new double[] {0, 1});
        assertEquals(OptionalDouble.empty(), new GroupedAuc().compute(scored));
    }
}
