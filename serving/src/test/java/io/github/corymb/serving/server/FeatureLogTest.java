package io.github.corymb.serving.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import io.github.corymb.feature.InputException;
import io.github.corymb.serving.FeatureRows;
import io.github.corymb.serving.RankQuestion;
import io.github.corymb.serving.Ranker;
import io.github.corymb.serving.Ranking;
import io.github.corymb.serving.SampleBundle;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureLogTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z"));

    @TempDir
    private static Path folder;

    private static Path bundle;
    private static Ranker ranker;

    @BeforeAll
    static void open() {
        bundle = SampleBundle.write(folder, "one", 7);
        ranker = Ranker.open(bundle);
    }

    @AfterAll
    static void close() {
        ranker.close();
    }

    private static Answered answered(String id, FeatureRows context, FeatureRows items) {
        Ranking ranking = context == items
                ? ranker.score(items, RankQuestion.ALL)
                : ranker.rank(context, items, RankQuestion.ALL);
        List<JsonNode> ids = new ArrayList<>();
        for (int item = 0; item < items.rowCount(); item++) {
            ids.add(item == 0 ? null : IntNode.valueOf(item));
        }
        return new Answered(id, new Models.Version("one", "1", ranker), context, items, ids, RankQuestion.ALL, ranking);
    }

    private static Answered answered(int user) {
        return answered(
                "r" + user,
                FeatureRows.ofMaps(List.of(Map.of("user_id", user, "price", user / 7.0, "mood", List.of("ü", "\"")))),
                FeatureRows.ofMaps(List.of(Map.of("item_id", 3, "tags", "a|d"), Map.of("item_id", 4), Map.of())));
    }

    private static void write(Operations.Log options, Answered... all) {
        try (FeatureLog log = new FeatureLog(options, CLOCK, new SimpleMeterRegistry())) {
            for (Answered each : all) {
                log.offer(each);
            }
        }
    }

    private static List<String> lines(Path log) {
        List<String> lines = new ArrayList<>();
        FeatureLogLines.read(log, lines::add);
        return lines;
    }

    @Test
    void aLineIsReadAsItWasAnswered() throws IOException {
        Path to = folder.resolve("lines");
        FeatureRows whole = FeatureRows.of(2).longs("user_id", 3, 4).longs("item_id", 5, 6);
        write(new Operations.Log(to, 1, 1 << 20, 3), answered(5), answered("whole", whole, whole));
        List<String> lines = lines(to);
        assertEquals(2, lines.size());
        JsonNode line = RankBody.JSON.readTree(lines.getFirst());
        assertEquals("2026-01-02T03:04:05Z", line.get("time").asText());
        assertEquals("r5", line.get("request").asText());
        assertEquals(ranker.bundle().digest(), line.get("bundle").asText());
        assertEquals(5 / 7.0, line.at("/context/price").asDouble());
        assertEquals("[\"ü\",\"\\\"\"]", line.at("/context/mood").toString());
        assertEquals("{\"id\":1,\"item_id\":4}", line.at("/items/1").toString());
        LoggedRequest read = LoggedRequest.parse(lines.getFirst(), false);
        Ranking again = ranker.rank(read.context(), read.items());
        for (String task : List.of("click", "money", "level")) {
            assertArrayEquals(again.task(task), read.tasks().get(task), task);
        }
        double[] scores = RankBody.JSON.treeToValue(line.get("scores"), double[].class);
        assertArrayEquals(again.scores(), scores);
        LoggedRequest rows = LoggedRequest.parse(lines.getLast(), false);
        assertArrayEquals(
                ranker.score(rows.items(), RankQuestion.ALL).task("click"),
                rows.tasks().get("click"));
        assertEquals(null, rows.context());
    }

    @Test
    void filesEndAtTheirSizeAndTheOldestGo() {
        Path to = folder.resolve("rotated");
        Operations.Log options = new Operations.Log(to, 1, 1, 3);
        Answered[] many = new Answered[10];
        Arrays.setAll(many, FeatureLogTest::answered);
        write(options, many); // nothing reaches the disk before a file is ended or flushed
        write(options, answered(77));
        write(options, answered(78));
        write(options, answered(79));
        List<Path> files = FeatureLogFiles.list(to);
        assertEquals(3, files.size());
        List<String> left = lines(to).stream()
                .map(line -> LoggedRequest.parse(line, false))
                .map(request -> String.valueOf(request.context().row(0).get("user_id")))
                .toList();
        assertEquals(List.of("77", "78", "79"), left.subList(left.size() - 3, left.size()));
        assertFalse(left.contains("0"), "the oldest file is gone");
    }

    /// As a process leaves it that is killed: cut anywhere, all whole lines before the cut are read.
    @Test
    void aTornFileIsReadUpToItsEnd() throws IOException {
        Path to = folder.resolve("torn");
        Answered[] many = new Answered[200];
        Arrays.setAll(many, FeatureLogTest::answered);
        write(new Operations.Log(to, 1, 1 << 20, 3), many);
        Path file = FeatureLogFiles.list(to).getFirst();
        List<String> all = lines(file);
        assertEquals(200, all.size());
        byte[] bytes = Files.readAllBytes(file);
        int before = -1;
        for (int length = 0; length < bytes.length; length += 97) {
            Path cut = Files.write(folder.resolve("cut.gz"), Arrays.copyOf(bytes, length));
            List<String> read = new ArrayList<>();
            assertEquals(1, FeatureLogLines.read(cut, read::add), "torn");
            assertEquals(all.subList(0, read.size()), read);
            assertTrue(read.size() >= before);
            before = read.size();
        }
        assertTrue(before > 100, "most lines are read before the last cut, found " + before);
        bytes[bytes.length / 2] ^= 0x55;
        Path damaged = Files.write(folder.resolve("damaged.gz"), bytes);
        assertThrows(InputException.class, () -> lines(damaged), "damage is no torn end");
    }

    @Test
    void whatFindsNoRoomIsDroppedAndCountedAndOffersDoNotWait() {
        Answered large = answered("large", FeatureRows.one(), FeatureRows.of(5_000));
        FeatureLog log = new FeatureLog(
                new Operations.Log(folder.resolve("full"), 1, 1 << 20, 3), CLOCK, new SimpleMeterRegistry());
        try (log) {
            for (int i = 0; i < 500; i++) {
                log.offer(large);
            }
            assertTrue(log.droppedCount() > 0, "500 × 5,001 rows are more than the queue bears");
        }
        assertEquals(500, log.writtenCount() + log.droppedCount());
        assertTrue(log.writtenCount() >= 1);
    }

    @Test
    void aFolderThatCannotBeDropsAndCounts() throws IOException {
        Path file = Files.writeString(folder.resolve("no-folder"), "");
        FeatureLog log = new FeatureLog(new Operations.Log(file, 1, 1 << 20, 3), CLOCK, new SimpleMeterRegistry());
        try (log) {
            log.offer(answered(1));
            log.offer(answered(2));
        }
        assertEquals(2, log.droppedCount());
    }

    @Test
    void aServerLogsWhatItAnswersAndSkewFindsItAgainOrSaysSo() throws IOException, InterruptedException {
        Path to = folder.resolve("served");
        Operations operations = new Operations(new Operations.Log(to, 1, 1 << 20, 3), 0, null);
        try (RankServer server = ServerCalls.serve(bundle, operations)) {
            for (int i = 0; i < 20; i++) {
                assertEquals(200, ServerCalls.rank(server, "one").statusCode());
            }
        }
        Skew skew = Skew.of(to, bundle);
        assertTrue(skew.agrees());
        assertEquals(20, skew.requestCount());
        assertEquals(
                Map.of("click", 60L, "money", 60L, "level", 180L),
                skew.tasks().stream().collect(Collectors.toMap(Skew.TaskSkew::task, Skew.TaskSkew::predictionCount)));
        Map<String, Skew.FeatureSkew> features =
                skew.features().stream().collect(Collectors.toMap(Skew.FeatureSkew::feature, feature -> feature));
        assertEquals(1.0 / 3, features.get("tags").missingShare(), 1e-12, "one item of three");
        assertEquals(0, features.get("item_id").unknownShare());
        assertEquals(0, features.get("price").missingShare());
        assertEquals(1.0 / 11, features.get("price").trainingMissingShare(), 0.01, "every eleventh row of training");

        List<String> changed = new ArrayList<>(lines(to));
        LoggedRequest first = LoggedRequest.parse(changed.getFirst(), false);
        String click = Float.toString(first.tasks().get("click")[0]);
        Path other = folder.resolve("changed.jsonl.gz");
        changed.set(0, changed.getFirst().replace(click, "0.125"));
        writeLines(other, changed);
        Skew apart = Skew.of(other, bundle);
        assertFalse(apart.agrees());
        assertEquals(1, apart.tasks().getFirst().beyondCount());
        assertEquals(
                Math.abs(0.125 - first.tasks().get("click")[0]),
                apart.tasks().getFirst().largestDifference(),
                1e-6);
        Path second = SampleBundle.write(folder, "two", 8);
        String message =
                assertThrows(InputException.class, () -> Skew.of(to, second)).getMessage();
        assertTrue(message.endsWith("found 20 of others"), message);
    }

    private static void writeLines(Path file, List<String> lines) throws IOException {
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
        }
    }
}
