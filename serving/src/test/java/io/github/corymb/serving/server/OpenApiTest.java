package io.github.corymb.serving.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.github.corymb.bundle.BundleReader.Verification;
import io.github.corymb.serving.RankerOptions;
import io.github.corymb.serving.SampleBundle;
import io.github.corymb.serving.server.ServerOptions.Admission;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The server does what `docs/openapi.yaml` says, and nothing in it goes unasked.
class OpenApiTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "openapi.yaml");
    /// What needs a slow, a greedy or an unlucky client: [ServerLimitsTest] and [RankServerTest].
    private static final Set<String> ELSEWHERE = Set.of("408", "429", "503");

    private static final String RANK = "{\"context\": {\"user_id\": 5, \"history\": [3, 9, 4], \"price\": 0.5}, "
            + "\"items\": [{\"id\": \"x\", \"item_id\": 7, \"tags\": \"a|d\"}, {\"item_id\": 12}], "
            + "\"tasks\": [\"click\", \"level\"], \"fusion\": \"product\", \"top_k\": 2, \"explain\": {\"items\": 1}}";
    private static final String INFER = "{\"id\": \"q\", \"inputs\": [{\"name\": \"item_id\", \"datatype\": \"INT64\", "
            + "\"shape\": [2], \"data\": [7, -1], \"parameters\": {\"missing\": -1}}], "
            + "\"outputs\": [{\"name\": \"click\"}]}";

    private static JsonNode document;
    private static RankServer server;
    private static RankServer empty;

    /// Over HTTP/2 the JDK's client may see the end of a stream whose body was too long before the answer to it.
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        document = new YAMLMapper().readTree(DOCUMENT.toFile());
        Path models = Files.createDirectories(folder.resolve("models"));
        SampleBundle.copy(SampleBundle.write(folder, "one", 7), models.resolve("shop/1"));
        Files.createDirectories(models.resolve("shop/broken"));
        Files.writeString(models.resolve("shop/broken/manifest.json"), "none");
        Files.writeString(models.resolve("shop/labels.json"), "{\"stable\": \"1\"}");
        server = serve(models);
        empty = serve(Files.createDirectories(folder.resolve("empty")));
    }

    private static RankServer serve(Path folder) {
        ServerOptions options = new ServerOptions(
                "127.0.0.1",
                0,
                2,
                64,
                10_000,
                Duration.ofSeconds(20),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Admission.STANDARD);
        return RankServer.start(
                folder,
                options,
                new RankerOptions(Verification.EVERY_FILE, 1, 100, 1),
                "0.1.0",
                InstantSource.system());
    }

    @AfterAll
    static void stop() {
        server.close();
        empty.close();
    }

    private HttpResponse<String> send(RankServer to, String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + to.port() + path))
                .method(
                        method.toUpperCase(Locale.ROOT),
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void everyOperationAnswersAsItsDocumentSays() throws IOException, InterruptedException {
        Set<String> documented = new TreeSet<>();
        Set<String> seen = new TreeSet<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (String method : List.of("get", "post")) {
                JsonNode operation = path.getValue().path(method);
                operation.path("responses").fieldNames().forEachRemaining(status -> {
                    if (!ELSEWHERE.contains(status) || path.getKey().endsWith("health/ready")) {
                        documented.add(path.getKey() + " " + status);
                    }
                });
                if (operation.isObject()) {
                    seen.addAll(ask(path.getKey(), method, operation));
                }
            }
        }
        assertEquals(documented, seen);
        assertTrue(documented.size() >= 30, documented.toString());
    }

    /// Asks well, and badly in each way that the path allows.
    private List<String> ask(String path, String method, JsonNode operation) throws IOException, InterruptedException {
        String good = path.replace("{name}", "shop").replace("{version}", "1").replace("{label}", "stable");
        String bad = path.replace("{name}", "none").replace("{version}", "9").replace("{label}", "none");
        String body = method.equals("get") ? null : path.endsWith("infer") ? INFER : RANK;
        List<String> seen = new ArrayList<>();
        seen.add(path + " " + checked(send(server, method, good, body), operation));
        if (!bad.equals(good)) {
            seen.add(path + " " + checked(send(server, method, bad, body), operation));
        }
        if (body != null) {
            assertValid(operation.at("/requestBody/content/application~1json/schema"), RankBody.JSON.readTree(body));
            seen.add(path + " " + checked(send(server, "POST", good, "{}"), operation));
            seen.add(path + " " + checked(send(server, "POST", good, " ".repeat(10_001)), operation));
        }
        if (path.endsWith("health/ready")) {
            seen.add(path + " " + checked(send(empty, "GET", path, null), operation));
        }
        return seen;
    }

    /// The status of an answer that is as documented.
    private int checked(HttpResponse<String> response, JsonNode operation) throws IOException {
        JsonNode documented = operation.path("responses").path(Integer.toString(response.statusCode()));
        assertFalse(documented.isMissingNode(), response + ": " + response.body());
        if (documented.has("$ref")) {
            documented = document.at(documented.path("$ref").asText().substring(1));
        }
        for (Map.Entry<String, JsonNode> header : documented.path("headers").properties()) {
            assertTrue(response.headers().firstValue(header.getKey()).isPresent(), header.getKey());
        }
        String type =
                response.headers().firstValue("content-type").orElse("none").replaceAll(";.*", "");
        JsonNode content = documented.path("content").path(type);
        assertFalse(content.isMissingNode(), type + " of " + response);
        if (type.equals("application/json")) {
            assertValid(content.path("schema"), RankBody.JSON.readTree(response.body()));
        }
        return response.statusCode();
    }

    private static void assertValid(JsonNode schema, JsonNode value) {
        ObjectNode whole = schema.deepCopy();
        whole.set("components", document.path("components"));
        assertEquals(
                Set.of(),
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                        .getSchema(whole)
                        .validate(value),
                value.toString());
    }

    @Test
    void whatTheDocumentDoesNotKnowIsNoAnswer() throws IOException, InterruptedException {
        assertEquals(404, send(server, "GET", "/v1/nothing", null).statusCode());
        assertEquals(405, send(server, "GET", "/v1/models/shop:rank", null).statusCode());
    }
}
