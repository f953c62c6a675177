package io.github.corymb.serving.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.corymb.bundle.BundleReader.Verification;
import io.github.corymb.feature.InputException;
import io.github.corymb.serving.FeatureRows;
import io.github.corymb.serving.Ranker;
import io.github.corymb.serving.RankerOptions;
import io.github.corymb.serving.Ranking;
import io.github.corymb.serving.SampleBundle;
import io.github.corymb.serving.server.ServerOptions.Admission;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RankServerTest {

    private static final RankerOptions QUICK = new RankerOptions(Verification.EVERY_FILE, 1, 1_000, 1);
    private static final String BODY = "{\"context\": {\"user_id\": 5, \"history\": [3, 9, 4], \"price\": null}, "
            + "\"items\": [{\"id\": \"x\", \"item_id\": 7, \"tags\": \"a|d\"}, {\"id\": 2, \"item_id\": 12}, "
            + "{\"item_id\": 16, \"tags\": \"c\"}], \"tasks\": [\"click\", \"level\"], \"top_k\": 2}";

    @TempDir
    private static Path folder;

    private static Path one;
    private static Path two;
    private static RankServer server;

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        one = SampleBundle.write(folder, "one", 7);
        two = SampleBundle.write(folder, "two", 8);
        server = serve(one, options(2, 64));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static ServerOptions options(int threads, int queue) {
        return new ServerOptions(
                "127.0.0.1",
                0,
                threads,
                queue,
                8,
                50_000,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofMillis(20),
                Admission.STANDARD);
    }

    private static RankServer serve(Path path, ServerOptions options) {
        return RankServer.start(path, options, QUICK, "0.1.0", InstantSource.system());
    }

    private static HttpRequest.Builder to(RankServer to, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + to.port() + path));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(to(server, path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(RankServer to, String path, String body)
            throws IOException, InterruptedException {
        return client.send(
                to(to, path).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        return RankBody.JSON.readTree(response.body());
    }

    @Test
    void ranksAsTheLibraryDoes() throws IOException, InterruptedException {
        JsonNode answer = json(post(server, "/v1/models/one:rank", BODY));
        try (Ranker ranker = Ranker.open(one, QUICK)) {
            Ranking expected = ranker.rank(
                    FeatureRows.one().longs("user_id", 5).longLists("history", new long[] {3, 9, 4}),
                    FeatureRows.of(3).longs("item_id", 7, 12, 16).texts("tags", "a|d", null, "c"));
            assertEquals(expected.bundle().digest(), answer.get("bundle").asText());
            assertEquals("default", answer.get("fusion").asText());
            assertEquals(2, answer.get("items").size());
            for (int place = 0; place < 2; place++) {
                JsonNode item = answer.get("items").get(place);
                int index = expected.order()[place];
                assertEquals(index, item.get("index").asInt());
                assertEquals(expected.scores()[index], item.get("score").asDouble(), 1e-9);
                assertEquals(expected.task("click")[index], (float)
                        item.at("/tasks/click").asDouble());
                assertEquals(3, item.at("/tasks/level").size());
                assertEquals(index == 2, item.path("id").isMissingNode());
            }
        }
    }

    @Test
    void mistakesAreAnsweredInOneLine() throws IOException, InterruptedException {
        assertMistake(404, "no model 'three' is served", "/v1/models/three:rank", BODY);
        assertMistake(404, "no model 'one' with label 'canary' is served", "/v1/models/one/labels/canary:rank", BODY);
        assertMistake(404, "no model 'one' of version '9' is served", "/v1/models/one/versions/9:rank", BODY);
        assertMistake(400, "items: expected an array, found nothing", "/v1/models/one:rank", "{}");
        assertMistake(400, "body: unknown key 'item'; did you mean 'items'?", "/v1/models/one:rank", "{\"item\": []}");
        assertMistake(
                400, "top_k: expected at least 1, found 0", "/v1/models/one:rank", "{\"items\": [], \"top_k\": 0}");
        assertMistake(413, "body: longer than the server's limit", "/v1/models/one:rank", " ".repeat(50_001));
        String many = "{\"items\": [" + "{},".repeat(1_000) + "{}]}";
        assertMistake(400, "items: expected at most 1000, found more", "/v1/models/one:rank", many);
    }

    private void assertMistake(int status, String message, String path, String body)
            throws IOException, InterruptedException {
        HttpResponse<String> response = post(server, path, body);
        assertEquals(status, response.statusCode(), response.body());
        assertEquals(message, json(response).get("error").asText());
    }

    @Test
    void tellsItsHealthModelsAndMetrics() throws IOException, InterruptedException {
        post(server, "/v1/models/one:rank", BODY);
        assertEquals("{\"live\":true}", get("/v2/health/live").body());
        assertEquals("{\"ready\":true}", get("/v2/health/ready").body());
        assertEquals("{\"ready\":true}", get("/v2/models/one/ready").body());
        assertEquals(404, get("/v2/models/none/ready").statusCode());
        assertEquals("corymb", json(get("/v2")).get("name").asText());
        JsonNode model = json(get("/v2/models/one/versions/1"));
        assertEquals(5, model.get("inputs").size());
        assertEquals("[-1,3]", model.at("/outputs/2/shape").toString());
        assertEquals("one", json(get("/v1/models")).at("/models/0/name").asText());
        String metrics = get("/metrics").body();
        for (String name : List.of(
                "corymb_request_seconds_bucket{status=\"200\"",
                "corymb_stage_seconds_sum{stage=\"graph\"}",
                "corymb_items_total{model=\"one\",version=\"1\"}",
                "corymb_prediction_mean_count{model=\"one\",task=\"click\",version=\"1\"}",
                "corymb_model_age_seconds{model=\"one\"",
                "corymb_unknown_keys_total{model=\"one\"")) {
            assertTrue(metrics.contains(name), name + " in\n" + metrics);
        }
    }

    /// A seed's worth of bodies, cut, doubled and with bytes changed: never a fault of ours.
    @Test
    void noBodyMakesTheServerFail() throws IOException, InterruptedException {
        Random random = new Random(2026);
        Set<Integer> statuses = new TreeSet<>();
        for (int round = 0; round < 400; round++) {
            byte[] body = BODY.getBytes(StandardCharsets.UTF_8);
            for (int change = random.nextInt(4); change >= 0; change--) {
                int at = random.nextInt(body.length);
                switch (random.nextInt(3)) {
                    case 0 -> body[at] = (byte) "{}[]\",:0-9e.nulltruefals\\\u0000".charAt(random.nextInt(26));
                    case 1 -> body[at] = (byte) random.nextInt(256);
                    default -> body = Arrays.copyOf(body, Math.max(1, at));
                }
            }
            HttpResponse<String> response = client.send(
                    to(server, "/v1/models/one:rank")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            statuses.add(response.statusCode());
            assertTrue(
                    Set.of(200, 400).contains(response.statusCode()),
                    response.body() + " for " + new String(body, StandardCharsets.UTF_8));
        }
        assertEquals(Set.of(200, 400), statuses);
    }

    @Test
    void versionsComeGoAndAreLabelledWithoutALostRequest() throws Exception {
        Path models = Files.createDirectories(folder.resolve("models"));
        SampleBundle.copy(one, models.resolve("shop/9"));
        try (RankServer several = serve(models, options(2, 64))) {
            String path = "/v1/models/shop:rank";
            assertEquals("9", json(post(several, path, BODY)).get("version").asText());
            SampleBundle.copy(two, models.resolve("shop/10"));
            awaitVersion(several, path, "10");
            Path broken = SampleBundle.copy(two, models.resolve("shop/11.partial"));
            Files.writeString(broken.resolve("graph.onnx"), "none");
            Files.move(broken, models.resolve("shop/11"));
            Path labels = models.resolve("shop/labels.json");
            Files.writeString(labels, "{\"stable\": \"9\", \"canary\": \"10\"}");
            awaitVersion(several, path, "9");
            assertEquals(
                    "10",
                    json(post(several, "/v1/models/shop/labels/canary:rank", BODY))
                            .get("version")
                            .asText());
            assertEquals(
                    404, post(several, "/v1/models/shop/versions/11:rank", BODY).statusCode());
            Files.delete(labels);
            awaitVersion(several, path, "10");
        }
    }

    /// Whoever asks by a label must not suffer from a bundle that is refused, or not open yet.
    @Test
    void aLabelMeansWhatItDidUntilItsVersionIsServed() throws Exception {
        Path models = Files.createDirectories(folder.resolve("labelled"));
        SampleBundle.copy(one, models.resolve("shop/1"));
        Path labels = models.resolve("shop/labels.json");
        Files.writeString(labels, "{\"stable\": \"1\", \"canary\": \"1\"}");
        try (RankServer several = serve(models, options(2, 64))) {
            SampleBundle.copy(two, models.resolve("shop/2"));
            Files.writeString(labels, "{\"stable\": \"2\", \"canary\": \"3\"}");
            awaitVersion(several, "/v1/models/shop:rank", "2");
            String canary = "/v1/models/shop/labels/canary:rank";
            assertEquals("1", json(post(several, canary, BODY)).get("version").asText());
            SampleBundle.copy(two, models.resolve("shop/3"));
            awaitVersion(several, canary, "3");
        }
    }

    @Test
    void whatIsToldOfAVersionGoesWithIt() throws Exception {
        Path models = Files.createDirectories(folder.resolve("told"));
        SampleBundle.copy(one, models.resolve("shop/1"));
        SampleBundle.copy(two, models.resolve("shop/2"));
        try (RankServer several = serve(models, options(2, 64))) {
            for (String version : List.of("1", "2")) {
                post(several, "/v1/models/shop/versions/" + version + ":rank", BODY);
                assertTrue(metrics(several).contains("corymb_items_total{model=\"shop\",version=\"" + version + "\"}"));
            }
            Files.move(models.resolve("shop/2"), folder.resolve("gone"));
            String left = metrics(several);
            for (int round = 0; round < 1_000 && left.contains("version=\"2\""); round++) {
                assertEquals(200, post(several, "/v1/models/shop:rank", BODY).statusCode());
                Thread.sleep(5);
                left = metrics(several);
            }
            assertFalse(left.contains("version=\"2\""), left);
            assertTrue(left.contains("corymb_items_total{model=\"shop\",version=\"1\"}"), left);
        }
    }

    private String metrics(RankServer of) throws IOException, InterruptedException {
        return client.send(to(of, "/metrics").build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private void awaitVersion(RankServer several, String path, String version) throws Exception {
        String found = "";
        for (int round = 0; round < 1_000 && !found.equals(version); round++) {
            HttpResponse<String> response = post(several, path, BODY);
            assertEquals(200, response.statusCode(), response.body());
            found = json(response).get("version").asText();
            Thread.sleep(5);
        }
        assertEquals(version, found);
    }

    @Test
    void whatIsTooMuchIsShedAndWhatIsUnderWayIsAnsweredBeforeTheEnd() {
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        RankServer small = serve(one, options(1, 1));
        try (small) {
            HttpRequest request = to(small, "/v1/models/one:rank")
                    .POST(HttpRequest.BodyPublishers.ofString(BODY))
                    .build();
            for (int i = 0; i < 60; i++) {
                asked.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
            }
            CompletableFuture.anyOf(asked.toArray(CompletableFuture[]::new)).join();
        } // drains
        Set<Integer> statuses = new TreeSet<>();
        for (CompletableFuture<HttpResponse<String>> each : asked) {
            if (each.isCompletedExceptionally()) {
                continue; // asked after the end, of a connection that was never accepted
            }
            HttpResponse<String> response = each.join();
            statuses.add(response.statusCode());
            if (response.statusCode() == 503) {
                assertEquals("1", response.headers().firstValue("retry-after").orElse("none"));
            }
        }
        assertTrue(statuses.contains(200));
        assertTrue(Set.of(200, 503).containsAll(statuses), statuses.toString());
    }

    @Test
    void aBundleThatIsRefusedDoesNotStart() throws IOException {
        Path broken = SampleBundle.copy(one, folder.resolve("broken"));
        Files.writeString(broken.resolve("graph.onnx"), "none");
        String message = assertThrows(InputException.class, () -> serve(broken, options(1, 1)))
                .getMessage();
        assertTrue(message.contains("graph.onnx: expected"), message);
        assertThrows(InputException.class, () -> serve(folder.resolve("nowhere"), options(1, 1)));
    }
}
