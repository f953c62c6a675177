package io.github.corymb.serving.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.corymb.bundle.BundleReader.Verification;
import io.github.corymb.serving.FeatureRows;
import io.github.corymb.serving.RankerOptions;
import io.github.corymb.serving.Ranking;
import io.github.corymb.serving.SampleBundle;
import io.github.corymb.serving.server.Interval.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleTest {

    private static final Instant START = Instant.parse("2026-11-28T10:00:00Z");

    @TempDir
    private static Path folder;

    private static Models models;
    private static Models.Version version;

    private final AtomicReference<Instant> now = new AtomicReference<>(START);

    @BeforeAll
    static void open() {
        models = models("sample");
        version = models.all().getFirst();
    }

    private static Models models(String name) {
        Models models = new Models(
                SampleBundle.write(folder, name, 7), new RankerOptions(Verification.EVERY_FILE, 1, 1_000, 1));
        models.refresh();
        return models;
    }

    @AfterAll
    static void close() {
        models.close();
    }

    private void tick(Console console, int seconds) {
        now.set(now.get().plusSeconds(seconds));
        console.tick();
    }

    @Test
    void statusTellsWhatWasAnsweredInEachStep() {
        try (Console console = new Console(models, "0.1.0", now::get)) {
            ServerMetrics metrics = new ServerMetrics(now::get, console.traffic());
            Ranking ranking = version.ranker()
                    .rank(
                            FeatureRows.one().longs("user_id", 5),
                            FeatureRows.of(3).longs("item_id", 7, 12, 987_654));
            for (int millis = 1; millis <= 100; millis++) {
                metrics.request(200, TimeUnit.MILLISECONDS.toNanos(millis));
            }
            metrics.answered(version, ranking, 0);
            tick(console, 5);
            metrics.request(400, 1_000_000);
            metrics.request(429, 900_000_000);
            metrics.request(503, 900_000_000);
            metrics.request(500, 1_000_000);
            tick(console, 5);
            tick(console, 5);
            JsonNode status = console.status("15m");
            assertEquals("[100,0,0]", status.get("answered").toString());
            assertEquals("[0,1,0]", status.get("mistaken").toString());
            assertEquals("[0,2,0]", status.get("shed").toString());
            assertEquals("[0,1,0]", status.get("failed").toString());
            assertEquals("[5,5,5]", status.get("seconds").toString());
            assertEquals(
                    START.plusSeconds(5).toEpochMilli(),
                    status.at("/end_millis/0").asLong());
            assertEquals(50, status.at("/p50_millis/0").asDouble(), 0.5); // two digits
            assertEquals(99, status.at("/p99_millis/0").asDouble(), 1);
            assertEquals(1, status.at("/max_millis/1").asDouble(), 0.01, "what was shed does not count");
            assertTrue(status.at("/p50_millis/2").isNull());
            JsonNode one = status.at("/versions/0");
            assertEquals("[3,0,0]", one.get("items").toString());
            assertEquals("[1,0,0]", one.get("requests").toString());
            assertTrue(one.at("/unknown_keys/0").asInt() >= 1, one.toString());
            assertEquals("[3,0,0]", one.get("missing_columns").toString(), "history, price and tags");
            JsonNode click = one.at("/tasks/0");
            float[] p = ranking.task("click");
            assertEquals((p[0] + p[1] + p[2]) / 3, click.at("/mean/0").asDouble(), 1e-6);
            assertEquals(click.at("/mean/0").asDouble(), click.get("first_mean").asDouble(), 1e-6);
            assertTrue(click.at("/mean/1").isNull());
            double trained = version.ranker().description().tasks().getFirst().labelMean();
            assertEquals(trained, click.get("training_mean").asDouble());
            assertFalse(one.at("/tasks/2").has("mean"), "several classes have no one mean");
            JsonNode day = console.status("24h");
            assertEquals("[100]", day.get("answered").toString());
            assertEquals("[15]", day.get("seconds").toString());
            assertEquals(50, day.at("/p50_millis/0").asDouble(), 2);
        }
    }

    /// Keys and columns of what it ranked as a shadow count, so that their shares are of those rankings too.
    @Test
    void whatAVersionRanksAsAShadowIsNoAnswer() {
        try (Models own = models("shadow");
                Console console = new Console(own, "0.1.0", now::get)) {
            FeatureRows items = FeatureRows.of(3).longs("item_id", 7, 12, 987_654);
            own.all().getFirst().ranker().rank(FeatureRows.one().longs("user_id", 5), items);
            tick(console, 5);
            JsonNode one = console.status("15m").at("/versions/0");
            assertEquals("[0]", one.get("requests").toString());
            assertEquals("[1]", one.get("ranked_requests").toString());
            assertEquals("[3]", one.get("ranked_items").toString());
            assertEquals("[3]", one.get("missing_columns").toString());
        }
    }

    /// A timeline of points of 10 s out of intervals of 5 s: sums, percentiles of all, the oldest forgotten.
    @Test
    void aTimelineKeepsSoManyPointsOfOneStep() {
        Timeline timeline = new Timeline(Duration.ofSeconds(10), 3);
        for (int i = 1; i <= 9; i++) {
            timeline.add(interval(i));
        }
        List<Timeline.Point> points = timeline.points();
        assertEquals(
                List.of(3L + 4, 5L + 6, 7L + 8, 9L),
                points.stream()
                        .map(point -> point.requests().get(Outcome.ANSWERED))
                        .toList());
        assertEquals(
                List.of(10.0, 10.0, 10.0, 5.0),
                points.stream().map(Timeline.Point::seconds).toList());
        assertEquals(4_000, points.getFirst().maximumMillis(), 50);
        assertEquals(START.plusSeconds(45), points.getLast().end());
    }

    private static Interval interval(int i) {
        Histogram micros = new Histogram(1, TimeUnit.MINUTES.toMicros(1), 2);
        IntStream.range(0, i).forEach(_ -> micros.recordValue(i * 1_000_000L));
        Map<Outcome, Long> requests = new EnumMap<>(Map.of(Outcome.ANSWERED, (long) i));
        return new Interval(START.plusSeconds(5L * i), Duration.ofSeconds(5), micros, requests, Map.of());
    }

    @Test
    void theSchemaNamesEachSidesColumnsTasksFusionsAndExamples() {
        JsonNode schema = SchemaPage.write(version, version.ranker().description());
        assertEquals(
                List.of("user_id", "history", "price"), schema.get("context").findValuesAsText("name"));
        assertEquals(
                List.of("category", "list", "number"), schema.get("context").findValuesAsText("kind"));
        assertEquals(List.of("item_id", "tags"), schema.get("items").findValuesAsText("name"));
        assertEquals("|", schema.at("/items/1/separator").asText());
        assertEquals(List.of("click", "money", "level"), schema.get("tasks").findValuesAsText("name"));
        assertEquals(3, schema.at("/tasks/2/classes").size());
        assertEquals(2.0, schema.at("/fusions/product/weights/click").asDouble());
        JsonNode examples = schema.get("examples");
        assertEquals(List.of("7", "6", "5", "4", "3"), examples.get("contexts").findValuesAsText("user_id"));
        assertEquals(17, examples.get("items").size(), "each item once");
        assertEquals(999 * 7 % 17, examples.at("/items/0/item_id").asInt(), "the newest first");
    }
}
