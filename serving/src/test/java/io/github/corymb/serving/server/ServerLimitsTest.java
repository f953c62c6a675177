package io.github.corymb.serving.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.corymb.bundle.BundleReader.Verification;
import io.github.corymb.feature.InputException;
import io.github.corymb.serving.RankerOptions;
import io.github.corymb.serving.SampleBundle;
import io.github.corymb.serving.rpc.RankRequest;
import io.github.corymb.serving.rpc.RankServiceGrpc;
import io.github.corymb.serving.server.ServerOptions.Admission;
import io.github.corymb.serving.server.ServerOptions.Tls;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.InstantSource;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerLimitsTest {

    private static final RankerOptions QUICK = new RankerOptions(Verification.EVERY_FILE, 1, 100, 1);
    private static final String BODY = "{\"items\": [{\"item_id\": 7}]}";

    @TempDir
    private static Path folder;

    private static Path bundle;

    @BeforeAll
    static void train() {
        bundle = SampleBundle.write(folder, "one", 7);
    }

    private static RankServer serve(ServerOptions options) {
        return RankServer.start(bundle, options, QUICK, "0.1.0", InstantSource.system());
    }

    private static HttpResponse<String> rank(HttpClient client, String server, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + "/v1/models/one:rank"))
                .POST(HttpRequest.BodyPublishers.ofString(BODY));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        return RankBody.JSON.readTree(response.body());
    }

    /// A request whose body is still on its way is one under way.
    @Test
    void aClientBeyondItsShareIsTold429UntilItsOthersEnd() throws Exception {
        try (RankServer server = serve(ServerCalls.LIMITED.letting(new Admission(100, 1, null)));
                HttpClient client = HttpClient.newHttpClient()) {
            String at = "http://127.0.0.1:" + server.port();
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                    .usePlaintext()
                    .build();
            try (Socket slow = ServerCalls.underWay(server, client, BODY)) {
                HttpResponse<String> refused = rank(client, at);
                assertEquals(429, refused.statusCode());
                assertEquals("1", refused.headers().firstValue("retry-after").orElse("none"));
                assertEquals(
                        "this client has 1 requests under way, its share",
                        json(refused).path("error").asText());
                assertEquals(Status.Code.RESOURCE_EXHAUSTED, statusOf(channel));
                slow.getOutputStream().write(BODY.substring(5).getBytes(StandardCharsets.UTF_8));
                byte[] start = slow.getInputStream().readNBytes("HTTP/1.1 200".length());
                assertEquals("HTTP/1.1 200", new String(start, StandardCharsets.UTF_8));
            } finally {
                channel.shutdownNow();
            }
            int status = 429;
            for (int round = 0; round < 200 && status == 429; round++) {
                status = rank(client, at).statusCode();
            }
            assertEquals(200, status);
        }
    }

    private static Status.Code statusOf(ManagedChannel channel) {
        RankRequest request = RankRequest.newBuilder().setModel("one").build();
        return assertThrows(
                        StatusRuntimeException.class,
                        () -> RankServiceGrpc.newBlockingStub(channel).rank(request))
                .getStatus()
                .getCode();
    }

    @Test
    void aDeadlineOfTheCallerCounts() throws Exception {
        try (RankServer server = serve(ServerCalls.LIMITED);
                HttpClient client = HttpClient.newHttpClient()) {
            String at = "http://127.0.0.1:" + server.port();
            assertEquals(200, rank(client, at, Deadlines.HEADER, "60000").statusCode());
            HttpResponse<String> wrong = rank(client, at, Deadlines.HEADER, "soon");
            assertEquals(400, wrong.statusCode());
            assertEquals(
                    "X-Request-Timeout-Millis: expected from 1 to 999999999, found 'soon'",
                    json(wrong).path("error").asText());
            try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                slow.getOutputStream()
                        .write(("POST /v1/models/one:rank HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n"
                                        + "X-Request-Timeout-Millis: 20\r\n\r\n{")
                                .getBytes(StandardCharsets.UTF_8));
                byte[] start = slow.getInputStream().readNBytes("HTTP/1.1 408".length());
                assertEquals("HTTP/1.1 408", new String(start, StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    void whatIsBeyondALimitIsRefusedWhereItIsRead() throws Exception {
        assertRefused("items: expected at most 100, found more", "{\"items\": [" + "{},".repeat(100) + "{}]}");
        assertRefused(
                "column 'history': expected at most 100000, found more",
                "{\"context\": {\"history\": [" + "1,".repeat(100_000) + "1]}, \"items\": []}");
        assertRefused(
                "body: expected JSON: String value length (65537) exceeds the maximum allowed (65536",
                "{\"context\": {\"tags\": \"" + "x".repeat(65_537) + "\"}, \"items\": []}");
        assertRefused(
                "body: expected JSON: Document nesting depth (9) exceeds the maximum allowed (8",
                "{\"context\": {\"tags\": " + "[".repeat(100_000));
    }

    /// Every column has a place a row, given or not.
    @Test
    void fewBytesDoNotTakeMuchMemory() {
        StringBuilder items = new StringBuilder("{\"items\": [");
        items.append("{},".repeat(9_999)).append("{");
        for (int column = 0; column < 501; column++) {
            items.append(column == 0 ? "" : ",").append("\"c").append(column).append("\": 1");
        }
        String message = assertThrows(
                        InputException.class,
                        () -> RankBody.parse(
                                items.append("}]}").toString().getBytes(StandardCharsets.UTF_8), false, 10_000))
                .getMessage();
        assertEquals("rows: expected at most 5000000 values of columns, found 501 columns of 10000 rows", message);
    }

    private static void assertRefused(String start, String body) {
        String message = assertThrows(
                        InputException.class, () -> RankBody.parse(body.getBytes(StandardCharsets.UTF_8), false, 100))
                .getMessage();
        assertTrue(message.startsWith(start), message);
    }

    private static ServerOptions secured(Tls tls) {
        return ServerCalls.LIMITED.letting(new Admission(100, 0, tls));
    }

    @Test
    void servesByTlsHttpAndGrpc() throws Exception {
        Tls tls = SelfSigned.write(folder);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(tls.certificate())) {
            trusted.setCertificateEntry(
                    "own", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        try (RankServer server = serve(secured(tls));
                HttpClient client = HttpClient.newBuilder().sslContext(context).build();
                HttpClient plain = HttpClient.newHttpClient()) {
            assertEquals(200, rank(client, "https://127.0.0.1:" + server.port()).statusCode());
            assertThrows(IOException.class, () -> rank(plain, "http://127.0.0.1:" + server.port()));
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                    .sslContext(GrpcSslContexts.forClient()
                            .trustManager(tls.certificate().toFile())
                            .build())
                    .build();
            try {
                assertEquals(
                        "one",
                        RankServiceGrpc.newBlockingStub(channel)
                                .rank(RankRequest.newBuilder().setModel("one").build())
                                .getModel());
            } finally {
                channel.shutdownNow();
            }
        }
        Path none = Files.writeString(folder.resolve("none.pem"), "none");
        String message = assertThrows(InputException.class, () -> serve(secured(new Tls(none, tls.key()))))
                .getMessage();
        assertTrue(message.startsWith("tls: expected a certificate and its key as PEM, found "), message);
    }
}
