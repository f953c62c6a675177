package io.github.corymb.serving.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.corymb.serving.SampleBundle;
import io.github.corymb.serving.server.ServerOptions.Admission;
import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Requests of HTTP/2 whose bodies are still sent when the server knows its answer.
class EarlyAnswersTest {

    private static final String RANK = "/v1/models/one:rank";

    @TempDir
    private static Path folder;

    private static RankServer server;
    private static HttpClient client;

    @BeforeAll
    static void start() throws Exception {
        server = ServerCalls.serve(
                SampleBundle.write(folder, "one", 7),
                ServerCalls.LIMITED.letting(new Admission(100, 1, null)),
                new Operations(null, 0, new Operations.Admin(0, "0123456789abcdef")));
        client = HttpClient.newHttpClient();
        for (int port : new int[] {server.port(), server.adminPort()}) { // the first one asks for HTTP/2
            HttpRequest first = HttpRequest.newBuilder(at(port, "/")).build();
            assertEquals(
                    HttpClient.Version.HTTP_2,
                    client.send(first, BodyHandlers.discarding()).version());
        }
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    /// A body that comes a while after its head.
    private static final class Late extends ByteArrayInputStream {

        Late() {
            super(new byte[1_000]);
        }

        @Override
        public synchronized int read(byte[] bytes, int offset, int length) {
            LockSupport.parkNanos(200_000_000);
            return super.read(bytes, offset, length);
        }
    }

    private static URI at(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static int post(int port, String path, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(at(port, path)).POST(BodyPublishers.ofInputStream(Late::new));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.discarding()).statusCode();
    }

    @Test
    void whatNobodyServesIs404AndAnotherMethod405() throws Exception {
        assertEquals(404, post(server.port(), "/v1/nowhere"));
        assertEquals(405, post(server.port(), "/v1/models"));
    }

    @Test
    void aDeadlineThatIsNoNumberIs400() throws Exception {
        assertEquals(400, post(server.port(), RANK, Deadlines.HEADER, "soon"));
    }

    @Test
    void aWrongTokenIs401() throws Exception {
        assertEquals(401, post(server.adminPort(), "/admin/v1/reload", "Authorization", "Bearer wrong"));
    }

    @Test
    void aClientBeyondItsShareIsTold429() throws Exception {
        try (Socket _ = ServerCalls.underWay(server, client, "{\"items\": []}")) {
            assertEquals(429, post(server.port(), RANK));
        }
    }
}
