package io.github.corymb.serving.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.bundle.BundleReader.Verification;
import io.github.corymb.serving.FeatureRows;
import io.github.corymb.serving.RankQuestion;
import io.github.corymb.serving.Ranker;
import io.github.corymb.serving.RankerOptions;
import io.github.corymb.serving.Ranking;
import io.github.corymb.serving.SampleBundle;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShadowTest {

    @TempDir
    private static Path folder;

    private static Path models;

    @BeforeAll
    static void write() throws IOException {
        models = Files.createDirectories(folder.resolve("models"));
        SampleBundle.copy(SampleBundle.write(folder, "one", 7), models.resolve("shop/1"));
        SampleBundle.copy(SampleBundle.write(folder, "two", 8), models.resolve("shop/2"));
        Files.writeString(models.resolve("shop/labels.json"), "{\"shadow\": \"2\"}");
    }

    private static Ranking ranking(String version) {
        try (Ranker ranker = Ranker.open(models.resolve("shop/" + version))) {
            Asked body = RankBody.parse(ServerCalls.BODY.getBytes(StandardCharsets.UTF_8), false, 100);
            return ranker.rank(body.context(), body.items());
        }
    }

    @Test
    void isComparedAndNeverAnswersWhoDoesNotAskForIt() throws IOException, InterruptedException {
        try (RankServer server = ServerCalls.serve(models, new Operations(null, 1, null))) {
            for (int i = 0; i < 5; i++) {
                String version = ServerCalls.json(ServerCalls.rank(server, "shop"))
                        .get("version")
                        .asText();
                assertEquals("1", version, "the newest that is no shadow");
            }
            String tags = "{model=\"shop\",shadow=\"2\",task=\"money\",version=\"1\"} ";
            ServerCalls.await(() ->
                    metric(server, "corymb_shadow_difference_count" + tags) + metric(server, "corymb_shadow_dropped")
                            >= 5);
            double count = metric(server, "corymb_shadow_difference_count" + tags);
            assertTrue(count >= 1, "some found a free thread");
            Ranking stable = ranking("1");
            Ranking shadow = ranking("2");
            double expected = 0;
            for (int i = 0; i < 3; i++) {
                expected += Math.abs(stable.task("money")[i] - shadow.task("money")[i]) / 3.0;
            }
            assertTrue(expected > 1e-4);
            assertEquals(expected, metric(server, "corymb_shadow_difference_sum" + tags) / count, 1e-6);
            assertEquals(count, metric(server, "corymb_shadow_overlap_sum"), 1e-9, "all three are the best ten");
            String shadowTags = "{model=\"shop\",version=\"2\"} ";
            assertEquals(count, metric(server, "corymb_ranked_requests_total" + shadowTags));
            assertEquals(3 * count, metric(server, "corymb_ranked_items_total" + shadowTags));
            assertEquals(0, metric(server, "corymb_items_total" + shadowTags), "a shadow answers nobody");
        }
    }

    private static double metric(RankServer server, String beginning) {
        try {
            return ServerCalls.metric(server, beginning);
        } catch (IOException | InterruptedException problem) {
            throw new IllegalStateException(problem);
        }
    }

    @Test
    void isDroppedAndCountedWhileTheServerIsBusyAndKeepsNobodyWaiting() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (Models all = new Models(models, new RankerOptions(Verification.EVERY_FILE, 1, 100, 1));
                Shadow shadow = new Shadow(all, () -> end.getCount() == 0, registry, 1)) {
            all.refresh();
            Models.Version stable = all.find("shop", null, null).orElseThrow();
            FeatureRows items = FeatureRows.of(2).longs("item_id", 1, 2);
            Answered answered = new Answered(
                    "r",
                    stable,
                    FeatureRows.one(),
                    items,
                    List.of(),
                    RankQuestion.ALL,
                    stable.ranker().rank(FeatureRows.one(), items));
            for (int i = 0; i < 50; i++) {
                shadow.offer(answered);
            }
            double full =
                    registry.counter("corymb.shadow.dropped", "reason", "load").count();
            assertTrue(full >= 50 - Shadow.QUEUE_LIMIT - 1, "dropped at once: " + full);
            ServerCalls.await(() ->
                    registry.counter("corymb.shadow.dropped", "reason", "load").count() > full);
            assertEquals(null, registry.find("corymb.shadow.difference").summary());
            end.countDown();
            ServerCalls.await(() -> registry.find("corymb.shadow.difference").summary() != null);
        } finally {
            end.countDown();
        }
    }

    @Test
    void measuresAreWhatTheyAreCalled() {
        assertEquals((0.5 + 0 + 1) / 3, Shadow.meanDifference(new float[] {1, 2, 3}, new float[] {1.5f, 2, 2}), 1e-12);
        assertEquals(2.0 / 3, Shadow.overlap(new int[] {4, 1, 7, 9}, new int[] {7, 4, 9, 1}, 3), 1e-12);
    }
}
