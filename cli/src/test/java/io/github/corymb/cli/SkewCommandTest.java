package io.github.corymb.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.corymb.serving.RankerOptions;
import io.github.corymb.serving.server.Operations;
import io.github.corymb.serving.server.RankServer;
import io.github.corymb.serving.server.ServerOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SkewCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static Path bundle;

    @BeforeAll
    static void export() {
        bundle = folder.resolve("sample");
        String run = folder.resolve("run").toString();
        Path experiment = SampleFile.write(folder);
        assertEquals(
                Main.OK,
                Command.run("train", experiment.toString(), "--out", run).status());
        assertEquals(
                Main.OK, Command.run("export", run, "--out", bundle.toString()).status());
    }

    private static void serve(Path log) throws IOException, InterruptedException {
        Operations operations = new Operations(new Operations.Log(log, 1, 1 << 20, 3), 0, null);
        try (RankServer server = RankServer.start(
                        bundle,
                        ServerOptions.STANDARD.at("127.0.0.1", 0),
                        operations,
                        RankerOptions.STANDARD,
                        "0.1.0",
                        InstantSource.system());
                HttpClient client = HttpClient.newHttpClient()) {
            for (int user = 0; user < 8; user++) {
                String body = "{\"context\": {\"user_id\": " + 10 * user + "}, \"items\": [{\"item_id\": 1}, {}]}";
                HttpRequest request = HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + server.port() + "/v1/models/sample:rank?secret=1"))
                        .header("X-Request-Id", "request-" + user)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
                assertEquals(
                        200,
                        client.send(request, HttpResponse.BodyHandlers.ofString())
                                .statusCode());
            }
        }
    }

    @Test
    void whatWasLoggedIsRecomputedAndWhatDiffersIsTold() throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        Path access = folder.resolve("access.jsonl");
        AccessLogTarget.open(access.toString());
        serve(log);
        AccessLogTarget.close();

        Path out = folder.resolve("skew.json");
        Command good = Command.run("skew", log.toString(), "--bundle", bundle.toString(), "--out", out.toString());
        assertEquals(Main.OK, good.status(), good.err());
        assertTrue(good.out().startsWith("8 requests of bundle "), good.out());
        assertTrue(good.out().lines().anyMatch(line -> line.matches("click +16 +0\\.0 % +0\\.0e\\+00.*")), good.out());
        assertTrue(good.out().lines().anyMatch(line -> line.matches("item_id +16 +50\\.0 % +n/a +.*")), good.out());
        assertTrue(good.out().lines().anyMatch(line -> line.matches("price +8 +100\\.0 % +0\\.0 % +n/a")), good.out());
        JsonNode json = JSON.readTree(Files.readString(out));
        assertEquals(16, json.at("/tasks/0/prediction_count").asInt());
        assertEquals(4.0 / 8, json.at("/features/0/unknown_share").asDouble(), "users 0, 10, 20 and 30 are known");

        assertAccessLog(Files.readAllLines(access));

        Path tampered = Files.createDirectories(folder.resolve("tampered")).resolve("requests-000001.jsonl.gz");
        try (Stream<Path> files = Files.list(log);
                GZIPInputStream in = new GZIPInputStream(
                        Files.newInputStream(files.findFirst().orElseThrow()));
                GZIPOutputStream to = new GZIPOutputStream(Files.newOutputStream(tampered))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            to.write(text.replaceFirst("\"click\":\\[", "\"click\":[0.5,")
                    .replaceFirst("0\\.5,[0-9.E-]+", "2.5")
                    .getBytes(StandardCharsets.UTF_8));
        }
        Command bad = Command.run("skew", tampered.toString(), "--bundle", bundle.toString());
        assertEquals(Main.USER_MISTAKE, bad.status());
        assertTrue(bad.out().lines().anyMatch(line -> line.matches("click +16 +6\\.3 % .*")), bad.out());
        assertTrue(bad.complaints().getFirst().contains("expected the predictions of"), bad.err());
    }

    private static void assertAccessLog(List<String> lines) throws IOException {
        assertEquals(8, lines.size());
        for (int user = 0; user < 8; user++) {
            JsonNode line = JSON.readTree(lines.get(user));
            assertEquals("request-" + user, line.get("request").asText());
            assertEquals("/v1/models/sample:rank", line.get("path").asText());
            assertEquals(200, line.get("status").asInt());
            assertEquals("127.0.0.1", line.get("client").asText());
            assertTrue(line.get("millis").asDouble() > 0);
            assertTrue(line.get("request_bytes").asInt() > 40);
        }
    }

    @Test
    void mistakesAreToldInOneLine() {
        Command none = Command.run("skew", folder.resolve("none").toString(), "--bundle", bundle.toString());
        assertEquals(Main.USER_MISTAKE, none.status());
        assertTrue(none.complaints().getFirst().endsWith("expected a feature log, found nothing"), none.err());
        Command half = Command.run("serve", bundle.toString(), "--admin-port", "0");
        assertEquals(Main.USER_MISTAKE, half.status());
        assertEquals(
                List.of("corymb: --admin-port and --admin-token-file: expected both, found one"), half.complaints());
        Command share = Command.run("serve", bundle.toString(), "--shadow-share", "2");
        assertEquals(List.of("corymb: shadow_share: expected from 0 to 1, found 2.0"), share.complaints());
    }
}
