package io.github.corymb.serving.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.bundle.BundleReader.Verification;
import io.github.corymb.feature.InputException;
import io.github.corymb.serving.RankerOptions;
import io.github.corymb.serving.SampleBundle;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminServerTest {

    private static final String TOKEN = "0123456789abcdef";

    @TempDir
    private static Path folder;

    private static Path one;
    private static Path models;
    private static RankServer server;

    @BeforeAll
    static void start() throws IOException {
        one = SampleBundle.write(folder, "one", 7);
        models = Files.createDirectories(folder.resolve("models"));
        SampleBundle.copy(one, models.resolve("shop/1"));
        SampleBundle.copy(SampleBundle.write(folder, "two", 8), models.resolve("shop/2"));
        server = ServerCalls.serve(models, new Operations(null, 0, new Operations.Admin(0, TOKEN)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> admin(String method, String path, String body)
            throws IOException, InterruptedException {
        return ServerCalls.call(
                server.adminPort(), method, "/admin/v1" + path, body, "Authorization", "Bearer " + TOKEN);
    }

    private static void assertAdmin(int status, String method, String path, String body)
            throws IOException, InterruptedException {
        HttpResponse<String> response = admin(method, path, body);
        assertEquals(status, response.statusCode(), response.body());
    }

    private static String version() throws IOException, InterruptedException {
        return ServerCalls.json(ServerCalls.rank(server, "shop")).get("version").asText();
    }

    @Test
    void aLabelRollsBackAtOnceAndIsKeptOnDisk() throws IOException, InterruptedException {
        assertEquals("2", version());
        assertAdmin(200, "PUT", "/models/shop/labels/stable", "{\"version\": \"1\"}");
        assertEquals("1", version());
        assertEquals(
                "{\"stable\":\"1\"}",
                Files.readString(models.resolve("shop/labels.json")).strip());
        assertAdmin(400, "PUT", "/models/shop/labels/stable", "{\"version\": \"9\"}");
        assertAdmin(400, "PUT", "/models/shop/labels/stable", "{\"versions\": \"1\"}");
        assertAdmin(400, "PUT", "/models/../labels/stable", null); // refused before a body
        assertAdmin(400, "DELETE", "/models/shop/labels/canary", null);
        assertEquals("1", version());
        assertAdmin(200, "DELETE", "/models/shop/labels/stable", null);
        assertEquals("2", version());
    }

    @Test
    void aVersionIsUnloadedUntilItIsLoaded() throws IOException, InterruptedException {
        assertAdmin(200, "PUT", "/models/shop/labels/canary", "{\"version\": \"2\"}");
        assertAdmin(400, "POST", "/models/shop/versions/2:unload", "");
        assertAdmin(200, "DELETE", "/models/shop/labels/canary", null);
        assertAdmin(200, "POST", "/models/shop/versions/2:unload", "");
        assertEquals("1", version());
        assertAdmin(200, "POST", "/reload", "");
        assertEquals("1", version(), "a reload leaves it so");
        assertAdmin(400, "POST", "/models/shop/versions/2:unload", "");
        assertAdmin(200, "POST", "/models/shop/versions/2:load", "");
        assertEquals("2", version());
        assertAdmin(400, "POST", "/models/shop/versions/2:load", "");
    }

    @Test
    void reloadTakesUpWhatChangedBeforeTheNextLook() throws IOException, InterruptedException {
        SampleBundle.copy(one, folder.resolve("fresh"));
        Files.createDirectories(models.resolve("new"));
        Files.move(folder.resolve("fresh"), models.resolve("new/1"));
        assertAdmin(200, "POST", "/reload", "");
        assertEquals(200, ServerCalls.rank(server, "new").statusCode());
    }

    @Test
    void drainingTellsLoadBalancersAndAnswersOn() throws IOException, InterruptedException {
        assertAdmin(200, "PUT", "/drain", "{\"drain\": true}");
        assertEquals(
                503,
                ServerCalls.call(server.port(), "GET", "/v2/health/ready", null).statusCode());
        assertEquals(200, ServerCalls.rank(server, "shop").statusCode());
        assertAdmin(400, "PUT", "/drain", "{\"drain\": 1}");
        assertAdmin(200, "PUT", "/drain", "{\"drain\": false}");
        assertEquals(
                200,
                ServerCalls.call(server.port(), "GET", "/v2/health/ready", null).statusCode());
    }

    @Test
    void whoDoesNotKnowTheTokenIsRefusedAndCounted() throws IOException, InterruptedException {
        double before = ServerCalls.metric(server, "corymb_admin_refused_total");
        String[] wrong = {"Bearer " + TOKEN + "0", "Bearer 0123456789abcdeF", TOKEN, "Bearer ", "Basic " + TOKEN};
        for (String authorization : wrong) {
            HttpResponse<String> response = ServerCalls.call(
                    server.adminPort(), "POST", "/admin/v1/reload", "", "Authorization", authorization);
            assertEquals(401, response.statusCode());
            assertEquals(
                    "Bearer", response.headers().firstValue("www-authenticate").orElse("none"));
        }
        assertEquals(
                401,
                ServerCalls.call(server.adminPort(), "PUT", "/admin/v1/drain", "{\"drain\": true}")
                        .statusCode());
        assertEquals(before + 6, ServerCalls.metric(server, "corymb_admin_refused_total"));
    }

    /// As one that opens a large bundle.
    @Test
    void aCallMayTakeLongerThanItsBody() throws IOException, InterruptedException {
        Models none = new Models(folder, new RankerOptions(Verification.EVERY_FILE, 1, 100, 1));
        Runnable slow = () ->
                LockSupport.parkNanos(AdminServer.BODY_TIMEOUT.plusSeconds(1).toNanos());
        try (ServerMetrics metrics = new ServerMetrics(InstantSource.system(), new Traffic(Instant.EPOCH));
                AdminServer admin = new AdminServer(
                        new Operations.Admin(0, TOKEN), new RequestIds(7), none, slow, _ -> {}, metrics)) {
            long start = System.nanoTime();
            HttpResponse<String> response =
                    ServerCalls.call(admin.port(), "POST", "/admin/v1/reload", "", "Authorization", "Bearer " + TOKEN);
            assertEquals(200, response.statusCode(), response.body());
            assertTrue(System.nanoTime() - start > AdminServer.BODY_TIMEOUT.toNanos());
        }
    }

    @Test
    void aPortThatIsTakenIsToldInOneLine() {
        Operations taken = new Operations(null, 0, new Operations.Admin(server.adminPort(), TOKEN));
        String message = assertThrows(InputException.class, () -> ServerCalls.serve(one, taken))
                .getMessage();
        assertTrue(message.contains(":" + server.adminPort() + ": cannot be listened at: "), message);
    }

    @Test
    void thePortOfRequestsTakesNoAdminCallAndThereIsNoneByDefault() throws IOException, InterruptedException {
        assertEquals(
                404,
                ServerCalls.call(server.port(), "POST", "/admin/v1/reload", "", "Authorization", "Bearer " + TOKEN)
                        .statusCode());
        try (RankServer plain = ServerCalls.serve(one, Operations.STANDARD)) {
            assertThrows(IllegalStateException.class, plain::adminPort);
        }
        assertThrows(IllegalArgumentException.class, () -> new Operations.Admin(0, "short"));
        assertFalse(new Operations.Admin(0, TOKEN).toString().contains(TOKEN));
        try (RankServer bundle = ServerCalls.serve(one, new Operations(null, 0, new Operations.Admin(0, TOKEN)))) {
            HttpResponse<String> response = ServerCalls.call(
                    bundle.adminPort(),
                    "PUT",
                    "/admin/v1/models/one/labels/stable",
                    "{\"version\": \"1\"}",
                    "Authorization",
                    "Bearer " + TOKEN);
            assertEquals(400, response.statusCode());
            assertTrue(response.body().contains("expected a folder of models"), response.body());
        }
    }
}
