package io.github.corymb.serving.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.UnixOperatingSystemMXBean;
import io.github.corymb.bundle.BundleReader.Verification;
import io.github.corymb.serving.RankerOptions;
import io.github.corymb.serving.SampleBundle;
import io.github.corymb.serving.server.ServerOptions.Admission;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/// What goes wrong beside a server, and what it does then.
class ServerFaultsTest {

    private static final RankerOptions QUICK = new RankerOptions(Verification.EVERY_FILE, 1, 1_000, 1);
    private static final String PATH = "/v1/models/shop:rank";
    private static final int BODY_LIMIT = 50_000;
    private static final int KILL_COUNT = 3;
    private static final int SLOW_COUNT = 50;
    private static final int CONNECTION_COUNT = 10_000;
    private static final int SPARE_FILES = 1_000; // for all else that a process has open

    @TempDir
    private static Path folder;

    private static Path one;
    private static Path two;

    @BeforeAll
    static void write() {
        one = SampleBundle.write(folder, "one", 7);
        two = SampleBundle.write(folder, "two", 8);
    }

    private static RankServer serve(Path models, Duration deadline) {
        ServerOptions options = new ServerOptions(
                "127.0.0.1",
                0,
                2,
                64,
                8,
                BODY_LIMIT,
                deadline,
                Duration.ofSeconds(5),
                Duration.ofMillis(20),
                Admission.STANDARD);
        return RankServer.start(models, options, QUICK, "0.1.0", InstantSource.system());
    }

    private static HttpResponse<String> rank(int port) throws IOException, InterruptedException {
        return ServerCalls.call(port, "POST", PATH, ServerCalls.BODY);
    }

    private static String bundleOf(HttpResponse<String> answer) throws IOException {
        assertEquals(200, answer.statusCode(), answer.body());
        return ServerCalls.json(answer).get("bundle").asText();
    }

    private static JsonNode models(int port) throws IOException, InterruptedException {
        return ServerCalls.json(ServerCalls.call(port, "GET", "/v1/models", null));
    }

    private static void awaitModels(int port, String wanted) throws InterruptedException {
        ServerCalls.await(() -> {
            try {
                return models(port).toString().contains(wanted);
            } catch (IOException fault) {
                throw new UncheckedIOException(fault);
            } catch (InterruptedException fault) {
                throw new IllegalStateException(fault);
            }
        });
    }

    /// In the place of a version, and as a newer one.
    @Test
    void aCorruptBundleIsRefusedAndTheOldOneServesOn() throws Exception {
        Path models = folder.resolve("corrupt");
        Path served = SampleBundle.copy(one, models.resolve("shop/1"));
        try (RankServer server = serve(models, Duration.ofSeconds(5))) {
            String before = bundleOf(rank(server.port()));
            Path newer = SampleBundle.copy(two, models.resolve(".newer"));
            try (FileChannel table = FileChannel.open(newer.resolve("tables/item_id.rows"), StandardOpenOption.WRITE)) {
                table.truncate(table.size() / 2);
            }
            Files.move(newer, models.resolve("shop/2"));
            awaitModels(server.port(), "tables/item_id.rows: expected ");
            assertEquals(before, bundleOf(rank(server.port())));
            Path manifest = Files.writeString(models.resolve(".manifest"), "{}");
            Files.move(
                    manifest,
                    served.resolve("manifest.json"),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            awaitModels(server.port(), "shop/1");
            assertEquals(before, bundleOf(rank(server.port())));
        }
    }

    @Test
    void aTableCutShortUnderTheMapFailsRequestsInWordsUntilABundleComes() throws Exception {
        Path models = folder.resolve("cut");
        Path served = SampleBundle.copy(SampleBundle.writeLarge(folder, "large"), models.resolve("shop/1"));
        try (RankServer server = serve(models, Duration.ofSeconds(5))) {
            String before = bundleOf(rank(server.port()));
            try (FileChannel table =
                    FileChannel.open(served.resolve("tables/item_id.rows"), StandardOpenOption.WRITE)) {
                table.truncate(0);
            }
            HttpResponse<String> failed = rank(server.port());
            assertEquals(503, failed.statusCode());
            String error = ServerCalls.json(failed).get("error").asText();
            assertTrue(error.contains("tables/item_id.rows: cut short while it was mapped: expected "), error);
            Path whole = SampleBundle.copy(two, models.resolve(".whole"));
            Files.move(whole, models.resolve("shop/2"));
            awaitModels(server.port(), "\"version\":\"2\"");
            assertNotEquals(before, bundleOf(rank(server.port())));
        }
    }

    /// Killed at any moment of taking up bundles, a server starts again on what is there.
    @Test
    void aServerKilledWhileItSwapsStartsAgain() throws Exception {
        Path models = folder.resolve("killed");
        SampleBundle.copy(one, models.resolve("shop/1"));
        Random random = new Random(2026);
        int version = 1;
        for (int kill = 0; kill < KILL_COUNT; kill++) {
            Process process = start(models);
            try (BufferedReader lines = process.inputReader()) {
                int port = Integer.parseInt(lines.readLine());
                bundleOf(rank(port));
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200 + random.nextInt(300));
                while (System.nanoTime() < end) {
                    Path next = SampleBundle.copy(version % 2 == 0 ? one : two, models.resolve(".next"));
                    Files.move(next, models.resolve("shop/" + ++version));
                }
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
        SampleBundle.copy(two, models.resolve("shop/" + (version + 1) + ".partial")); // as a killed copy leaves it
        Files.delete(models.resolve("shop/" + (version + 1) + ".partial/manifest.json"));
        try (RankServer server = serve(models, Duration.ofSeconds(5))) {
            JsonNode answer = ServerCalls.json(rank(server.port()));
            assertEquals(Integer.toString(version), answer.get("version").asText());
            assertEquals(version, server.versionCount());
            assertTrue(models(server.port()).path("refused").isEmpty());
        }
    }

    private static Process start(Path models) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(java, "--enable-native-access=ALL-UNNAMED"));
        command.add("--add-modules=jdk.incubator.vector");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ServedFolder.class.getName()));
        command.add(models.toString());
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /// Bodies that trickle hold no thread, and end at twice the deadline.
    @Test
    void slowClientsAreEndedAndHoldNobodyUp() throws Exception {
        Path models = folder.resolve("slow");
        SampleBundle.copy(one, models.resolve("shop/1"));
        try (RankServer server = serve(models, Duration.ofSeconds(2))) {
            bundleOf(rank(server.port()));
            List<Socket> slow = new ArrayList<>();
            try {
                for (int client = 0; client < SLOW_COUNT; client++) {
                    slow.add(open(server.port()));
                    send(slow.getLast(), "POST " + PATH + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{");
                }
                bundleOf(rank(server.port())); // with all of them under way
                for (Socket client : slow) {
                    send(client, " ");
                }
                for (Socket client : slow) {
                    String status = status(client);
                    assertTrue(Set.of("HTTP/1.1 408", "HTTP/1.1 503").contains(status), status);
                }
            } finally {
                for (Socket client : slow) {
                    client.close();
                }
            }
            bundleOf(rank(server.port()));
        }
    }

    /// Whether it says how long it is or not, a body beyond the limit is not read to its end.
    @Test
    void anOversizeBodyIsRefusedWhereItExceedsTheLimit() throws Exception {
        Path models = folder.resolve("oversize");
        SampleBundle.copy(one, models.resolve("shop/1"));
        try (RankServer server = serve(models, Duration.ofSeconds(5))) {
            try (Socket client = open(server.port())) {
                send(client, "POST " + PATH + " HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000000\r\n\r\n{");
                assertEquals("HTTP/1.1 413", status(client));
            }
            try (Socket client = open(server.port())) {
                send(client, "POST " + PATH + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
                send(client, "%x\r\n".formatted(BODY_LIMIT + 1) + " ".repeat(BODY_LIMIT + 1) + "\r\n");
                assertEquals("HTTP/1.1 413", status(client));
            }
            bundleOf(rank(server.port()));
        }
    }

    /// Ten thousand, or as many as the process may have: both ends are in this one.
    @Test
    void idleConnectionsCostNoThreadAndHoldNobodyUp(TestReporter reporter) throws Exception {
        assumeTrue(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean);
        long files =
                ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getMaxFileDescriptorCount();
        int count = Math.clamp((files - SPARE_FILES) / 2, 1, CONNECTION_COUNT);
        reporter.publishEntry("idle connections", "%d, of %d files".formatted(count, files));
        Path models = folder.resolve("idle");
        SampleBundle.copy(one, models.resolve("shop/1"));
        try (RankServer server = serve(models, Duration.ofSeconds(10))) {
            bundleOf(rank(server.port()));
            int threads = Thread.activeCount();
            List<Socket> idle = new ArrayList<>();
            try {
                for (int connection = 0; connection < count; connection++) {
                    idle.add(open(server.port()));
                }
                bundleOf(rank(server.port()));
                send(idle.getLast(), "GET /v2/health/live HTTP/1.1\r\nHost: x\r\n\r\n");
                assertEquals("HTTP/1.1 200", status(idle.getLast()));
                int processors = Runtime.getRuntime().availableProcessors();
                assertTrue(Thread.activeCount() <= threads + 4 * processors, "threads are not as many as connections");
            } finally {
                for (Socket connection : idle) {
                    connection.close();
                }
            }
            bundleOf(rank(server.port()));
        }
    }

    private static Socket open(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) TimeUnit.MINUTES.toMillis(1));
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static String status(Socket socket) throws IOException {
        byte[] start = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
        return new String(start, StandardCharsets.US_ASCII);
    }
}
