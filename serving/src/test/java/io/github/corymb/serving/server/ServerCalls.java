package io.github.corymb.serving.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.corymb.bundle.BundleReader.Verification;
import io.github.corymb.serving.RankerOptions;
import io.github.corymb.serving.server.ServerOptions.Admission;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;

/// Servers of the tests, and a client of theirs.
final class ServerCalls {

    static final String BODY = "{\"context\": {\"user_id\": 5, \"history\": [3, 9, 4], \"price\": 0.25}, "
            + "\"items\": [{\"id\": {\"shop\": 1}, \"item_id\": 7, \"tags\": \"a|d\"}, {\"id\": 2, \"item_id\": 12}, "
            + "{\"item_id\": 16, \"tags\": \"c\"}]}";

    /// Takes little at once, with a deadline that a busy machine does not come to.
    static final ServerOptions LIMITED = new ServerOptions(
            "127.0.0.1",
            0,
            2,
            64,
            8,
            50_000,
            Duration.ofMinutes(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Admission.STANDARD);

    private static final RankerOptions QUICK = new RankerOptions(Verification.EVERY_FILE, 1, 1_000, 1);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private ServerCalls() {}

    static RankServer serve(Path path, Operations operations) {
        return serve(path, ServerOptions.STANDARD.at("127.0.0.1", 0), operations);
    }

    static RankServer serve(Path path, ServerOptions options, Operations operations) {
        return RankServer.start(path, options, operations, QUICK, "0.1.0", InstantSource.system());
    }

    /// @param body null for a GET
    /// @param headers names and values in turn
    static HttpResponse<String> call(int port, String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        return CLIENT.send(request(port, method, path, body, headers), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest request(int port, String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    static HttpResponse<String> rank(RankServer server, String model) throws IOException, InterruptedException {
        return call(server.port(), "POST", "/v1/models/" + model + ":rank", BODY);
    }

    /// A request for `one` of which five bytes have come, and that counts as its client's only one allowed. One that
    /// another overtook, and that was refused, is tried again.
    static Socket underWay(RankServer server, HttpClient client, String body) throws IOException, InterruptedException {
        HttpRequest rankOne = request(server.port(), "POST", "/v1/models/one:rank", BODY);
        for (int millis = 50; millis < 5_000; millis *= 2) {
            Socket slow = new Socket(InetAddress.getLoopbackAddress(), server.port());
            slow.getOutputStream()
                    .write(("POST /v1/models/one:rank HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length()
                                    + "\r\n\r\n" + body.substring(0, 5))
                            .getBytes(StandardCharsets.UTF_8));
            Thread.sleep(millis);
            if (client.send(rankOne, HttpResponse.BodyHandlers.discarding()).statusCode() == 429) {
                return slow;
            }
            slow.close();
        }
        throw new IllegalStateException("no request stayed under way");
    }

    static JsonNode json(HttpResponse<String> response) throws IOException {
        return RankBody.JSON.readTree(response.body());
    }

    static String metrics(RankServer server) throws IOException, InterruptedException {
        return call(server.port(), "GET", "/metrics", null).body();
    }

    /// The sum of the metrics whose line begins so.
    static double metric(RankServer server, String beginning) throws IOException, InterruptedException {
        return metrics(server)
                .lines()
                .filter(line -> line.startsWith(beginning))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /// @throws IllegalStateException where it does not come true within 20 s
    static void await(BooleanSupplier condition) throws InterruptedException {
        for (int round = 0; round < 2_000; round++) {
            if (condition.getAsBoolean()) {
                return;
            }
            Thread.sleep(10);
        }
        throw new IllegalStateException("waited in vain");
    }
}
