package io.github.corymb.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.bundle.Fusion;
import io.github.corymb.feature.InputException;
import io.github.corymb.train.Predictor;
import io.github.corymb.train.TrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RankerTest {

    private static final int ITEM_COUNT = 40;

    @TempDir
    private static Path folder;

    private static Path bundle;
    private static Path newBundle;
    private static Ranker ranker;

    @BeforeAll
    static void open() {
        bundle = SampleBundle.write(folder, "one", 7);
        newBundle = SampleBundle.write(folder, "two", 8);
        ranker = Ranker.open(bundle);
    }

    @AfterAll
    static void close() {
        ranker.close();
    }

    static FeatureRows user(long id) {
        return FeatureRows.one()
                .longs("user_id", id)
                .longLists("history", new long[] {3, 99, 4})
                .doubles("price", Double.NaN);
    }

    static FeatureRows items(int count) {
        return FeatureRows.of(count)
                .longs(
                        "item_id",
                        IntStream.range(0, count).mapToLong(i -> i % 17).toArray())
                .texts(
                        "tags",
                        IntStream.range(0, count)
                                .mapToObj(i -> List.of("a", "b", "c").get(i % 3) + "|d")
                                .toArray(String[]::new));
    }

    private static Map<String, float[]> predicted(Path bundle, long user) throws IOException {
        Path out = folder.resolve("predicted-" + user + ".csv");
        try (TrainedModel model = TrainedModel.open(bundle)) {
            String source = "SELECT " + user + " AS user_id, [3, 99, 4] AS history, NULL::DOUBLE AS price, "
                    + "i % 17 AS item_id, ['a', 'b', 'c'][1 + i % 3] || '|d' AS tags FROM range(" + ITEM_COUNT
                    + ") AS a(i) ORDER BY i";
            new Predictor(model).predict(source, List.of(), out);
        }
        List<String[]> lines =
                Files.readAllLines(out).stream().map(line -> line.split(",")).toList();
        Map<String, float[]> columns = new LinkedHashMap<>();
        for (int c = 0; c < 2; c++) { // the third is a list
            float[] values = new float[ITEM_COUNT];
            for (int i = 0; i < ITEM_COUNT; i++) {
                values[i] = Float.parseFloat(lines.get(i + 1)[c]);
            }
            columns.put(lines.getFirst()[c], values);
        }
        return columns;
    }

    @Test
    void scoresAreThoseOfPredict() throws IOException {
        for (long id : new long[] {5, 30, 12345}) {
            Ranking ranking = ranker.rank(user(id), items(ITEM_COUNT));
            Map<String, float[]> expected = predicted(bundle, id);
            for (String task : List.of("click", "money")) {
                assertArrayEquals(expected.get(task), ranking.task(task), 1e-5f, task);
            }
            assertEquals(3 * ITEM_COUNT, ranking.task("level").length);
            for (int i = 0; i < ITEM_COUNT; i++) {
                assertEquals(ranking.task("click")[i] + 0.1 * ranking.task("money")[i], ranking.scores()[i], 1e-12);
            }
            assertEquals("default", ranking.fusion());
            assertEquals(ranker.bundle(), ranking.bundle());
        }
    }

    @Test
    void wholeRowsScoreAsOneUserWithHisItems() {
        FeatureRows rows = items(17)
                .longs("user_id", IntStream.range(0, 17).mapToLong(_ -> 5).toArray())
                .longLists(
                        "history",
                        Stream.generate(() -> new long[] {3, 99, 4}).limit(17).toArray(long[][]::new));
        assertArrayEquals(
                ranker.rank(user(5), items(17)).task("click"),
                ranker.score(rows, RankQuestion.ALL).task("click"),
                1e-6f);
    }

    @Test
    void aQuestionChoosesTasksFusionAndHowManyAreOrdered() {
        RankQuestion question = RankQuestion.ALL
                .forTasks("money")
                .fusedBy(new Fusion.PowerProduct(Map.of("click", 2.0)))
                .top(3);
        Ranking own = ranker.rank(user(5), items(ITEM_COUNT), question);
        Ranking named = ranker.rank(user(5), items(ITEM_COUNT), question.fusedBy("product"));
        Ranking all = ranker.rank(user(5), items(ITEM_COUNT));
        assertEquals(
                List.of("money"),
                own.tasks().stream().map(Ranking.TaskScores::task).toList());
        assertArrayEquals(own.scores(), named.scores());
        assertEquals("request", own.fusion());
        assertEquals("product", named.fusion());
        assertEquals(3, own.order().length);
        for (int i = 0; i < ITEM_COUNT; i++) {
            assertEquals(2 * Math.log(all.task("click")[i]), own.scores()[i], 1e-9);
        }
        double third = own.scores()[own.order()[2]];
        assertEquals(
                3,
                Arrays.stream(own.scores())
                                .boxed()
                                .sorted((a, b) -> Double.compare(b, a))
                                .toList()
                                .indexOf(third)
                        + 1);
    }

    @Test
    void requestsOfAnyLengthScoreAsAlone() {
        float[] expected = ranker.rank(user(5), items(300)).task("click");
        try (Ranker fresh = Ranker.open(bundle)) {
            for (int count : new int[] {5, 80, 80, 0, 80, 3, 200, 200, 80, 300}) {
                float[] found = fresh.rank(user(5), items(count)).task("click");
                assertArrayEquals(Arrays.copyOf(expected, count), found, 1e-6f, count + " items");
                FeatureRows wrong = FeatureRows.of(2 * count + 1).texts("item_id", new String[2 * count + 1]);
                assertThrows(
                        InputException.class, () -> fresh.rank(FeatureRows.one().texts("price", "x"), wrong));
            }
        }
    }

    @Test
    void requestsOfOneRunScoreAsAlone() {
        FeatureRows twoUsers = FeatureRows.of(2).longs("user_id", 5, 30).doubles("price", 0.5, 2);
        RankQuestion all = RankQuestion.ALL;
        List<Ranker.Request> requests = List.of(
                new Ranker.Request(user(5), items(3), all),
                new Ranker.Request(twoUsers, items(2), all.fusedBy("product")),
                new Ranker.Request(user(30), items(1), all.forTasks("level").top(1)),
                new Ranker.Request(user(5), items(0), all),
                new Ranker.Request(user(12345), items(17), all.forTasks("money", "click")),
                new Ranker.Request(user(30), items(9), all.explaining(2)));
        for (List<Ranker.Request> asked : List.of(requests, requests.reversed(), requests.subList(2, 3))) {
            RankerCounts before = ranker.counts();
            List<CompletableFuture<Ranking>> together = ranker.rank(asked);
            RankerCounts after = ranker.counts();
            assertEquals(asked.size(), after.requestCount() - before.requestCount());
            for (int at = 0; at < asked.size(); at++) {
                Ranker.Request request = asked.get(at);
                Ranking alone = ranker.rank(request.user(), request.items(), request.question());
                assertSame(alone, together.get(at).join());
            }
            RankerCounts last = ranker.counts();
            assertEquals(last.itemCount() - after.itemCount(), after.itemCount() - before.itemCount());
            assertEquals(
                    last.missingColumnCount() - after.missingColumnCount(),
                    after.missingColumnCount() - before.missingColumnCount());
            assertEquals(
                    last.unknownKeyCount() - after.unknownKeyCount(),
                    after.unknownKeyCount() - before.unknownKeyCount());
        }
        assertEquals(List.of(), ranker.rank(List.of()));
    }

    private static void assertSame(Ranking expected, Ranking found) {
        assertEquals(expected.bundle(), found.bundle());
        assertEquals(expected.fusion(), found.fusion());
        assertArrayEquals(expected.order(), found.order());
        assertArrayEquals(expected.scores(), found.scores(), 1e-6);
        assertEquals(expected.tasks().size(), found.tasks().size());
        for (int t = 0; t < expected.tasks().size(); t++) {
            assertEquals(expected.tasks().get(t).task(), found.tasks().get(t).task());
            assertArrayEquals(
                    expected.tasks().get(t).values(), found.tasks().get(t).values(), 1e-6f);
        }
        assertEquals(expected.explanations().size(), found.explanations().size());
        for (int place = 0; place < expected.explanations().size(); place++) {
            Ranking.Explanation explanation = expected.explanations().get(place);
            assertEquals(explanation.item(), found.explanations().get(place).item());
            for (int t = 0; t < explanation.differences().size(); t++) {
                assertArrayEquals(
                        explanation.differences().get(t),
                        found.explanations().get(place).differences().get(t),
                        1e-5f);
            }
        }
    }

    @Test
    void aMistakeFailsNoOtherOfItsRun() {
        List<CompletableFuture<Ranking>> together =
                ranker.rank(Stream.of(items(4), FeatureRows.of(1).longs("user_id", 1), items(10_001), items(2))
                        .map(items -> new Ranker.Request(user(5), items, RankQuestion.ALL))
                        .toList());
        assertSame(ranker.rank(user(5), items(4)), together.get(0).join());
        assertSame(ranker.rank(user(5), items(2)), together.get(3).join());
        assertEquals(
                "column 'user_id': expected among the columns of user and context, found among those of the items",
                together.get(1).exceptionNow().getMessage());
        assertEquals(
                "items: expected at most 10000, found 10001",
                together.get(2).exceptionNow().getMessage());
    }

    @Test
    void noItemsGiveAnEmptyAnswer() {
        Ranking ranking = ranker.rank(user(5), FeatureRows.of(0));
        assertEquals(0, ranking.itemCount());
        assertEquals(0, ranking.order().length);
    }

    @Test
    void whatIsUnknownOrMissingIsCountedAndSafe() {
        RankerCounts before = ranker.counts();
        FeatureRows user = FeatureRows.one().longs("user_id", -77).texts("mood", "good");
        ranker.rank(user, FeatureRows.of(2).longs("item_id", 1, 2));
        RankerCounts after = ranker.counts();
        assertEquals(1, after.requestCount() - before.requestCount());
        assertEquals(2, after.itemCount() - before.itemCount());
        assertEquals(1, after.unknownKeyCount() - before.unknownKeyCount(), "user -77");
        assertEquals(1, after.unknownColumnCount() - before.unknownColumnCount(), "mood");
        assertEquals(3, after.missingColumnCount() - before.missingColumnCount(), "history, price, tags");
    }

    @Test
    void mistakesAreRefusedByName() {
        assertRefused(
                "column 'user_id': expected among the columns of user and context, found among those of the items",
                () -> ranker.rank(user(1), FeatureRows.of(1).longs("user_id", 1)));
        assertRefused(
                "feature 'price': expected a number, found text 'cheap' (row 1)",
                () -> ranker.rank(FeatureRows.one().texts("price", "cheap"), items(1)));
        assertRefused(
                "tasks: expected one of [click, money, level], found 'clik'; did you mean 'click'?",
                () -> ranker.rank(user(1), items(1), RankQuestion.ALL.forTasks("clik")));
        assertRefused(
                "fusion: expected one of [default, product], found 'products'; did you mean 'product'?",
                () -> ranker.rank(user(1), items(1), RankQuestion.ALL.fusedBy("products")));
        assertRefused(
                "fusion: expected a task of one output, found 'level' of 3 classes",
                () -> ranker.rank(
                        user(1), items(1), RankQuestion.ALL.fusedBy(new Fusion.RankSum(Map.of("level", 1.0)))));
        assertRefused("items: expected at most 10000, found 10001", () -> ranker.rank(user(1), FeatureRows.of(10_001)));
        assertRefused(
                "column 'item_id': expected a value for each of 2 rows, found 1",
                () -> FeatureRows.of(2).longs("item_id", 1));
    }

    private static void assertRefused(String message, Runnable mistake) {
        assertEquals(message, assertThrows(InputException.class, mistake::run).getMessage());
    }

    @Test
    void mapsAreRowsOfColumns() {
        List<Map<String, Object>> maps = new ArrayList<>();
        for (int i = 0; i < 17; i++) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("item_id", i);
            if (i % 2 == 0) {
                map.put("tags", "a|d");
            }
            maps.add(map);
        }
        String[] tags =
                IntStream.range(0, 17).mapToObj(i -> i % 2 == 0 ? "a|d" : null).toArray(String[]::new);
        FeatureRows columns = FeatureRows.of(17)
                .longs("item_id", IntStream.range(0, 17).asLongStream().toArray())
                .texts("tags", tags);
        assertArrayEquals(
                ranker.rank(user(5), columns).scores(),
                ranker.rank(user(5), FeatureRows.ofMaps(maps)).scores());
    }

    /// The lines stand in the documentation of [Ranker], and here, where they run.
    @Test
    void theExampleInTheDocumentationRuns() throws IOException {
        String here = Files.readString(Path.of("src/test/java/io/github/corymb/serving/RankerExample.java"));
        String documentation = Files.readString(Path.of("src/main/java/io/github/corymb/serving/Ranker.java"));
        List<String> example = documentation
                .substring(documentation.indexOf("```java") + 7)
                .lines()
                .skip(1)
                .takeWhile(line -> !line.contains("```"))
                .map(line -> line.substring(3).strip())
                .toList();
        assertTrue(example.size() >= 9);
        List<String> lines = here.lines().map(String::strip).toList();
        assertEquals(
                example,
                lines.stream().filter(example::contains).limit(example.size()).toList());
        String out = RankerExample.run(bundle, newBundle);
        assertEquals(3, out.lines().count());
    }

    @Test
    void aClosedRankerSaysSo() {
        Ranker closed = Ranker.open(bundle);
        closed.close();
        closed.close();
        assertThrows(IllegalStateException.class, () -> closed.rank(user(1), items(1)));
        assertThrows(IllegalStateException.class, () -> closed.swap(newBundle));
    }
}
