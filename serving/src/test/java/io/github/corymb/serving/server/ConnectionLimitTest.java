package io.github.corymb.serving.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.bundle.BundleReader.Verification;
import io.github.corymb.serving.RankerOptions;
import io.github.corymb.serving.SampleBundle;
import io.github.corymb.serving.server.ServerOptions.Admission;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionLimitTest {

    private static final int LIMIT = 3;
    private static final RankerOptions QUICK = new RankerOptions(Verification.EVERY_FILE, 1, 100, 1);

    @Test
    void aConnectionBeyondTheLimitIsClosedAndTheOthersAreServedOn(@TempDir Path folder) throws Exception {
        Path bundle = SampleBundle.write(folder, "one", 7);
        ServerOptions options = ServerOptions.STANDARD.at("127.0.0.1", 0).letting(new Admission(LIMIT, 0, null));
        List<HttpClient> held = new ArrayList<>(); // a connection each, as long as it is open
        try (RankServer server = RankServer.start(bundle, options, QUICK, "0.1.0", InstantSource.system())) {
            for (int client = 0; client < LIMIT; client++) {
                held.add(client());
                assertEquals(200, get(held.getLast(), server, "/v2/health/live").statusCode());
            }
            assertClosed(server);
            for (HttpClient client : held) {
                HttpResponse<String> metrics = get(client, server, "/metrics");
                assertTrue(metrics.body().contains("\ncorymb_connections " + (double) LIMIT + "\n"), metrics.body());
            }
            held.removeLast().close();
            held.add(client());
            ServerCalls.await(() -> isServed(held.getLast(), server));
            assertClosed(server);
        } finally {
            held.forEach(HttpClient::close);
        }
    }

    @Test
    void aLimitThatLetsNobodyInIsRefused() {
        String message = assertThrows(IllegalArgumentException.class, () -> new Admission(0, 0, null))
                .getMessage();
        assertEquals("connection_limit: expected at least 1, found 0", message);
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    private static HttpResponse<String> get(HttpClient client, RankServer server, String path)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void assertClosed(RankServer server) {
        try (HttpClient beyond = client()) {
            assertThrows(IOException.class, () -> get(beyond, server, "/v2/health/live"));
        }
    }

    /// The server may learn that another one is closed after this one comes.
    private static boolean isServed(HttpClient client, RankServer server) {
        try {
            return get(client, server, "/v2/health/live").statusCode() == 200;
        } catch (IOException closed) {
            return false;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
