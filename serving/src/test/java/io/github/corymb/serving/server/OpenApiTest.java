package io.github.corymb.serving.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.bundle.BundleReader.Verification;
import io.github.corymb.serving.RankerOptions;
import io.github.corymb.serving.SampleBundle;
import io.github.corymb.serving.server.ApiDocument.Operation;
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
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The server does what `docs/openapi.yaml` says, and nothing in it goes unasked.
class OpenApiTest {

    /// What needs a slow, a greedy or an unlucky client: [ServerLimitsTest] and [RankServerTest].
    private static final Set<Integer> ELSEWHERE = Set.of(408, 429, 503);

    private static final String RANK = "{\"context\": {\"user_id\": 5, \"history\": [3, 9, 4], \"price\": 0.5}, "
            + "\"items\": [{\"id\": \"x\", \"item_id\": 7, \"tags\": \"a|d\"}, {\"item_id\": 12}], "
            + "\"tasks\": [\"click\", \"level\"], \"fusion\": \"product\", \"top_k\": 2, \"explain\": {\"items\": 1}}";
    private static final String INFER = "{\"id\": \"q\", \"inputs\": [{\"name\": \"item_id\", \"datatype\": \"INT64\", "
            + "\"shape\": [2], \"data\": [7, -1], \"parameters\": {\"missing\": -1}}], "
            + "\"outputs\": [{\"name\": \"click\"}]}";

    private static ApiDocument document;
    private static RankServer server;
    private static RankServer empty;

    /// Over HTTP/2 the JDK's client may see the end of a stream whose body was too long before the answer to it.
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        document = ApiDocument.read("openapi.yaml");
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
                8,
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
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void everyOperationAnswersAsItsDocumentSays() throws IOException, InterruptedException {
        Set<String> documented = new TreeSet<>();
        Set<String> seen = new TreeSet<>();
        for (Operation operation : document.operations()) {
            for (int status : operation.statuses()) {
                if (!ELSEWHERE.contains(status) || operation.path().endsWith("health/ready")) {
                    documented.add(operation.with(status));
                }
            }
            seen.addAll(ask(operation));
        }
        assertEquals(documented, seen);
        assertTrue(documented.size() >= 30, documented.toString());
    }

    /// Asks well, and badly in each way that the path allows.
    private List<String> ask(Operation operation) throws IOException, InterruptedException {
        String method = operation.method();
        String path = operation.path();
        String good = operation.at("shop", "1", "stable");
        String bad = operation.at("none", "9", "none");
        String body = method.equals("GET") ? null : path.endsWith("infer") ? INFER : RANK;
        List<String> seen = new ArrayList<>();
        seen.add(checked(operation, send(server, method, good, body)));
        if (!bad.equals(good)) {
            seen.add(checked(operation, send(server, method, bad, body)));
        }
        if (body != null) {
            document.assertTaken(operation, body);
            seen.add(checked(operation, send(server, method, good, "{}")));
            seen.add(checked(operation, send(server, method, good, " ".repeat(10_001))));
        }
        if (path.endsWith("health/ready")) {
            seen.add(checked(operation, send(empty, method, path, null)));
        }
        return seen;
    }

    private static String checked(Operation operation, HttpResponse<String> response) throws IOException {
        return document.checked(
                operation,
                response.statusCode(),
                name -> response.headers().firstValue(name).orElse(null),
                response.body());
    }

    @Test
    void whatTheDocumentDoesNotKnowIsNoAnswer() throws IOException, InterruptedException {
        assertEquals(404, send(server, "GET", "/v1/nothing", null).statusCode());
        assertEquals(405, send(server, "GET", "/v1/models/shop:rank", null).statusCode());
    }
}
