package io.github.corymb.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.bundle.BundleReader.Verification;
import io.github.corymb.bundle.ServingBundle;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AblationTest {

    private static final List<String> FEATURES = List.of("user_id", "item_id", "tags", "history", "price");
    private static final int ITEM_COUNT = 60;
    private static final float TOLERANCE = 1e-6f;

    @TempDir
    private static Path folder;

    private static Map<String, Object> user() {
        return Map.of("user_id", 5, "history", List.of(3, 9, 4), "price", 0.7);
    }

    private static Map<String, Object> item(int i) {
        return Map.of("item_id", i % 17, "tags", "abc".charAt(i % 3) + "|d");
    }

    private static Map<String, Object> without(Map<String, Object> values, String column) {
        Map<String, Object> left = new LinkedHashMap<>(values);
        left.remove(column);
        return left;
    }

    private static FeatureRows items(String absent) {
        return FeatureRows.ofMaps(IntStream.range(0, ITEM_COUNT)
                .mapToObj(i -> without(item(i), absent))
                .toList());
    }

    private static FeatureRows wholeRows(String absent) {
        return FeatureRows.ofMaps(IntStream.range(0, ITEM_COUNT)
                .mapToObj(i -> {
                    Map<String, Object> row = new LinkedHashMap<>(user());
                    row.putAll(item(i));
                    return without(row, absent);
                })
                .toList());
    }

    private static void assertDifferences(Ranking answer, Ranking without, int feature) {
        for (Ranking.Explanation explanation : answer.explanations()) {
            for (int t = 0; t < answer.tasks().size(); t++) {
                Ranking.TaskScores task = answer.tasks().get(t);
                int width = task.width();
                for (int c = 0; c < width; c++) {
                    int at = explanation.item() * width + c;
                    assertEquals(
                            task.values()[at] - without.tasks().get(t).values()[at],
                            explanation.differences().get(t)[feature * width + c],
                            TOLERANCE,
                            task.task() + " without " + FEATURES.get(feature));
                }
            }
        }
    }

    private static void assertExplains(Ranker ranker) {
        RankQuestion question = RankQuestion.ALL.explaining(7);
        FeatureRows user = FeatureRows.ofMaps(List.of(user()));
        Ranking ranked = ranker.rank(user, items("none"), question);
        Ranking scored = ranker.score(wholeRows("none"), question);
        assertEquals(7, ranked.explanations().size());
        assertArrayEquals(
                Arrays.copyOf(ranked.order(), 7),
                ranked.explanations().stream()
                        .mapToInt(Ranking.Explanation::item)
                        .toArray());
        for (int f = 0; f < FEATURES.size(); f++) {
            String name = FEATURES.get(f);
            FeatureRows userWithout = FeatureRows.ofMaps(List.of(without(user(), name)));
            assertDifferences(ranked, ranker.rank(userWithout, items(name)), f);
            assertDifferences(scored, ranker.score(wholeRows(name), RankQuestion.ALL), f);
            int feature = f;
            assertTrue(
                    ranked.explanations().stream()
                            .anyMatch(of -> Math.abs(of.differences().getFirst()[feature]) > 10 * TOLERANCE),
                    name + " moves something");
        }
    }

    @Test
    void isTheDifferenceToTheSameRequestWithoutTheColumn() {
        try (Ranker ranker = Ranker.open(SampleBundle.write(folder, "mmoe", 7))) {
            assertExplains(ranker);
        }
    }

    /// There each task has tables, and so inputs, of its own.
    @Test
    void takesAFeatureFromEveryTaskWithTablesOfItsOwn() {
        Path bundle = SampleBundle.write(folder, "single", 7, "model={type: single_task, tower: [8]}");
        try (ServingBundle opened = ServingBundle.open(bundle, Verification.EVERY_FILE)) {
            assertTrue(opened.signature().inputs().stream()
                    .anyMatch(input -> input.name().equals("money.tags")));
        }
        try (Ranker ranker = Ranker.open(bundle)) {
            assertExplains(ranker);
        }
    }

    @Test
    void changesNeitherTheAnswerNorWhatIsCountedAndKeepsNothingOfTheRequestBefore() {
        try (Ranker ranker = Ranker.open(SampleBundle.write(folder, "again", 7))) {
            FeatureRows user = FeatureRows.one().longs("user_id", -77);
            Ranking plain = ranker.rank(user, items("none"));
            RankerCounts before = ranker.counts();
            Ranking most = ranker.rank(user, items("none"), RankQuestion.ALL.explaining(RankQuestion.EXPLAIN_LIMIT));
            RankerCounts after = ranker.counts();
            assertArrayEquals(plain.scores(), most.scores());
            assertArrayEquals(plain.task("level"), most.task("level"));
            assertEquals(1, after.unknownKeyCount() - before.unknownKeyCount());
            assertEquals(RankQuestion.EXPLAIN_LIMIT, most.explanations().size());
            FeatureRows two = FeatureRows.of(2).longs("item_id", 3, 4);
            Ranking few =
                    ranker.rank(user, two, RankQuestion.ALL.forTasks("money").explaining(50));
            assertEquals(2, few.explanations().size());
            for (Ranking.Explanation of : few.explanations()) {
                assertEquals(1, of.differences().size());
                assertEquals(0, of.differences().getFirst()[FEATURES.indexOf("price")], TOLERANCE, "is missing");
            }
            assertTrue(ranker.rank(user, FeatureRows.of(0), RankQuestion.ALL.explaining(50))
                    .explanations()
                    .isEmpty());
        }
    }

    @Test
    void moreThanTheLimitIsRefused() {
        String message = assertThrows(IllegalArgumentException.class, () -> RankQuestion.ALL.explaining(51))
                .getMessage();
        assertEquals("explain.items: expected from 0 to 50, found 51", message);
    }
}
