package io.github.corymb.serving.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpRequestWriter;
import com.linecorp.armeria.common.RequestHeaders;
import io.github.corymb.serving.SampleBundle;
import io.github.corymb.serving.server.ApiDocument.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The port of admin calls does what `docs/openapi-admin.yaml` says, and nothing in it goes unasked.
class OpenApiAdminTest {

    private static final String TOKEN = "0123456789abcdef";

    private static ApiDocument document;
    private static RankServer server;
    private static WebClient client;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        document = ApiDocument.read("openapi-admin.yaml");
        Path models = Files.createDirectories(folder.resolve("models"));
        Path bundle = SampleBundle.write(folder, "one", 7);
        SampleBundle.copy(bundle, models.resolve("shop/1"));
        SampleBundle.copy(bundle, models.resolve("shop/2"));
        server = ServerCalls.serve(models, new Operations(null, 0, new Operations.Admin(0, TOKEN)));
        client = WebClient.builder("h1c://127.0.0.1:" + server.adminPort())
                .responseTimeout(Duration.ofMinutes(1))
                .build();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /// In the order of the document: a label is set before it is taken away, a version unloaded before it is loaded.
    @Test
    void everyOperationAnswersAsItsDocumentSays() throws IOException {
        Set<String> documented = new TreeSet<>();
        Set<String> seen = new TreeSet<>();
        Map<Operation, CompletableFuture<AggregatedHttpResponse>> slow = new LinkedHashMap<>();
        for (Operation operation : document.operations()) {
            operation.statuses().forEach(status -> documented.add(operation.with(status)));
            slow.put(operation, begin(operation));
        }
        for (Operation operation : document.operations()) {
            String body = body(operation);
            if (!body.isEmpty()) {
                document.assertTaken(operation, body);
                seen.add(checked(operation, send(operation, "shop", TOKEN, "{}")));
            }
            seen.add(checked(operation, send(operation, "none", TOKEN, body)));
            seen.add(checked(operation, send(operation, "shop", "none", body)));
            seen.add(checked(operation, send(operation, "shop", TOKEN, " ".repeat(AdminServer.BODY_LIMIT + 1))));
            AggregatedHttpResponse done = send(operation, "shop", TOKEN, body);
            assertEquals(200, done.status().code(), done.contentUtf8());
            seen.add(checked(operation, done));
            seen.add(checked(operation, slow.get(operation).join()));
        }
        assertEquals(documented, seen);
        assertTrue(documented.size() >= 25, documented.toString());
    }

    /// Each document stands by itself, so that clients are generated from one of them; what both name is one thing.
    @Test
    void whatBothDocumentsNameIsTheSame() throws IOException {
        JsonNode own = document.root().at("/components/schemas");
        JsonNode others = ApiDocument.read("openapi.yaml").root().at("/components/schemas");
        Set<String> shared = new TreeSet<>();
        own.properties().stream().filter(each -> others.has(each.getKey())).forEach(each -> {
            assertEquals(others.get(each.getKey()), each.getValue(), each.getKey());
            shared.add(each.getKey());
        });
        assertEquals(Set.of("Digest", "Error", "ModelList"), shared);
    }

    private static String body(Operation operation) {
        return switch (operation.description().path("operationId").asText()) {
            case "setLabel" -> "{\"version\": \"2\"}";
            case "drain" -> "{\"drain\": true}";
            default -> "";
        };
    }

    private static RequestHeaders headers(Operation operation, String model, String token) {
        return RequestHeaders.of(
                HttpMethod.valueOf(operation.method()),
                operation.at(model, "2", "canary"),
                HttpHeaderNames.AUTHORIZATION,
                "Bearer " + token);
    }

    private static AggregatedHttpResponse send(Operation operation, String model, String token, String body) {
        return client.execute(headers(operation, model, token), body)
                .aggregate()
                .join();
    }

    /// Sends less of a body than it says.
    private static CompletableFuture<AggregatedHttpResponse> begin(Operation operation) {
        HttpRequestWriter request = HttpRequest.streaming(
                headers(operation, "shop", TOKEN).toBuilder().contentLength(10).build());
        request.write(HttpData.ofUtf8("{"));
        return client.execute(request).aggregate();
    }

    private static String checked(Operation operation, AggregatedHttpResponse answer) throws IOException {
        return document.checked(
                operation, answer.status().code(), name -> answer.headers().get(name), answer.contentUtf8());
    }
}
