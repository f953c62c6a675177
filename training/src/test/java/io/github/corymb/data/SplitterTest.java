package io.github.corymb.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.feature.InputException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitterTest {

    @TempDir
    Path folder;

    private Dataset load(String source, SplitSpec split) {
        return Fixture.load(folder, Fixture.spec(source, split), Fixture.categorical("u"), Fixture.binary("y", "y"));
    }

    private static Set<List<Long>> users(Dataset dataset, Split split) {
        return new HashSet<>(Fixture.keys(Fixture.rows(dataset, split), 0));
    }

    @Test
    void timeSplitCutsTheOrderedRowsAtTheExactPlaceAndTellsTies() {
        // t = 0 0 0 1 1 1 2 2 2 3: rows 0–6 train, 7 validates, 8 and 9 test
        String source = "SELECT range AS u, range // 3 AS t, range % 2 AS y FROM range(10)";
        try (Dataset dataset = load(source, new SplitSpec.Time("t", 0.1, 0.2))) {
            assertEquals(
                    "time split on t: train 7 rows up to 2, validation 1 row from 2 to 2, test 2 rows from 2"
                            + "; 3 rows of 2 lie across the end of train; 3 rows of 2 lie across the end of validation",
                    dataset.summary().words());
            assertEquals(7, dataset.rowCount(Split.TRAIN));
            assertEquals(1, dataset.rowCount(Split.VALIDATION));
            assertEquals(2, dataset.rowCount(Split.TEST));
        }
    }

    @Test
    void timeSplitDependsOnTimeNotOnTheOrderOfTheFile() {
        String source = "SELECT 9 - range AS u, 9 - range AS t, range % 2 AS y FROM range(10)";
        try (Dataset dataset = load(source, new SplitSpec.Time("t", 0.0, 0.3));
                Dataset inOrder = load("SELECT range AS u, 1 AS y FROM range(7, 10)", new SplitSpec.Random(0.0, 0.0))) {
            assertEquals(users(inOrder, Split.TRAIN), users(dataset, Split.TEST));
        }
    }

    @Test
    void hashSplitKeepsAllRowsOfOneValueOnOneSide() {
        String source = "SELECT range % 500 AS u, range % 2 AS y FROM range(5000)";
        try (Dataset dataset = load(source, new SplitSpec.Hash("u", 0.2, 0.2))) {
            int total = 0;
            Set<List<Long>> all = new HashSet<>();
            for (Split split : Split.values()) {
                Set<List<Long>> users = users(dataset, split);
                total += users.size();
                all.addAll(users);
                assertEquals(10 * users.size(), dataset.rowCount(split));
            }
            assertEquals(500, total);
            assertEquals(500, all.size());
            double deviation = Math.sqrt(500 * 0.2 * 0.8);
            assertEquals(500 * 0.2, dataset.rowCount(Split.TEST) / 10.0, 4 * deviation);
        }
    }

    @Test
    void randomSplitHasExactCountsAndFollowsTheSeed() {
        String source = "SELECT range AS u, range % 2 AS y FROM range(1000)";
        DataSpec spec = Fixture.spec(source, new SplitSpec.Random(0.1, 0.2));
        try (Dataset one = load(source, spec.split());
                Dataset same = load(source, spec.split());
                Dataset other = Dataset.load(
                        spec,
                        folder,
                        Fixture.categorical("u"),
                        Fixture.binary("y", "y"),
                        8,
                        Optional.empty(),
                        LoadListener.NONE)) {
            assertEquals(700, one.rowCount(Split.TRAIN));
            assertEquals(100, one.rowCount(Split.VALIDATION));
            assertEquals(200, one.rowCount(Split.TEST));
            assertEquals(users(one, Split.TEST), users(same, Split.TEST));
            assertTrue(!users(one, Split.TEST).equals(users(other, Split.TEST)));
        }
    }

    @Test
    void columnSplitDoesWhatTheColumnSays() {
        String source = "SELECT range AS u, range % 2 AS y, ['train', 'test', 'validation', 'train'][range + 1] AS part"
                + " FROM range(4)";
        try (Dataset dataset = load(source, new SplitSpec.Column("part"))) {
            assertEquals(
                    "split by column part: train 2 rows, validation 1 row, test 1 row",
                    dataset.summary().words());
        }
    }

    @Test
    void aSplitThatCannotBeIsRefusedByName() {
        assertRefused(
                "data.split: expected validation rows, found none among 3 rows",
                "SELECT range AS u, range AS t, 1 AS y FROM range(3)",
                new SplitSpec.Time("t", 0.1, 0.4));
        assertRefused(
                "data.split.column: expected a value in every row of 't', found 2 NULL",
                "SELECT range AS u, CASE WHEN range > 2 THEN range END AS t, 1 AS y FROM range(1, 10)",
                new SplitSpec.Time("t", 0.1, 0.1));
        assertRefused(
                "data.split.column: expected train, validation or test in 'u', found 'tain'; did you mean 'train'?",
                "SELECT 'tain' AS u, 1 AS y",
                new SplitSpec.Column("u"));
        assertRefused(
                "data.split: expected train rows, found none among 1 rows",
                "SELECT 'test' AS u, 1 AS y",
                new SplitSpec.Column("u"));
        assertRefused(
                "data.split.column: expected a column of the data, found 'tiem'; did you mean 'time'?",
                "SELECT 1 AS u, 2 AS time, 1 AS y",
                new SplitSpec.Time("tiem", 0.1, 0.1));
    }

    private void assertRefused(String message, String source, SplitSpec split) {
        assertEquals(
                message,
                assertThrows(InputException.class, () -> load(source, split)).getMessage());
    }
}
