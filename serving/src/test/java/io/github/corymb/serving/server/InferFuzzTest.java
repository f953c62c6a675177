package io.github.corymb.serving.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import io.github.corymb.serving.SampleBundle;
import io.github.corymb.serving.rpc.inference.GRPCInferenceServiceGrpc;
import io.grpc.Status;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Good inferences, changed at random, over sockets: each has an answer, none is a fault of ours, and the server
/// answers on. The same for the same seed.
class InferFuzzTest {

    /// Changed requests of each form.
    private static final int COUNT = 1_000;

    private static final int AT_ONCE = 50;
    private static final String PATH = "/v2/models/one/infer";
    private static final String GRPC_PATH =
            "/" + GRPCInferenceServiceGrpc.getModelInferMethod().getFullMethodName();

    private static final Set<String> HTTP_ALLOWED = Set.of("200", "400", "503");
    /// As [Refusal] has them, without that for a fault.
    private static final Set<String> GRPC_ALLOWED = EnumSet.of(
                    Status.Code.OK,
                    Status.Code.INVALID_ARGUMENT,
                    Status.Code.NOT_FOUND,
                    Status.Code.UNAVAILABLE,
                    Status.Code.DEADLINE_EXCEEDED)
            .stream()
            .map(code -> Integer.toString(code.value()))
            .collect(Collectors.toUnmodifiableSet());

    private static RankServer server;
    private static WebClient http;
    private static WebClient grpc;

    private final ByteChanges changes = new ByteChanges(2026);
    private final Random random = new Random(2026);

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = ServerCalls.serve(SampleBundle.write(folder, "one", 7), Operations.STANDARD);
        http = client("h1c");
        grpc = client("h2c");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static WebClient client(String protocol) {
        return WebClient.builder(protocol + "://127.0.0.1:" + server.port())
                .responseTimeout(Duration.ofMinutes(1))
                .build();
    }

    @Test
    void noJsonIsAFault() {
        byte[] good = RequestFuzzTest.INFER.getBytes(StandardCharsets.UTF_8);
        assertNoFault(
                HTTP_ALLOWED, "400", () -> status(post(good, null)), () -> status(post(changes.of(good, true), null)));
    }

    /// The JSON, the bytes after it, and where the one ends.
    @Test
    void noBytesAfterJsonAreAFault() {
        byte[] json = ("{\"inputs\": ["
                        + "{\"name\": \"item_id\", \"datatype\": \"INT64\", \"shape\": [2], "
                        + "\"parameters\": {\"binary_data_size\": 16}}, "
                        + "{\"name\": \"tags\", \"datatype\": \"BYTES\", \"shape\": [2], "
                        + "\"parameters\": {\"binary_data_size\": 11}}], "
                        + "\"outputs\": [{\"name\": \"click\", \"parameters\": {\"binary_data\": true}}]}")
                .getBytes(StandardCharsets.UTF_8);
        byte[] values = ByteBuffer.allocate(27)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(7)
                .putLong(12)
                .putInt(3)
                .put("a|d".getBytes(StandardCharsets.UTF_8))
                .putInt(0)
                .array();
        byte[] good = ByteChanges.joined(json, values);
        assertNoFault(HTTP_ALLOWED, "400", () -> status(post(good, json.length)), () -> {
            int length = switch (random.nextInt(4)) {
                case 0 -> random.nextInt(-1, good.length + 2);
                case 1 -> random.nextInt();
                default -> json.length;
            };
            byte[] changed = random.nextBoolean()
                    ? changes.of(good, false)
                    : ByteChanges.joined(json, changes.of(values, false));
            return status(post(changed, length));
        });
    }

    /// Changed before it is framed, so that each reaches the method.
    @Test
    void noMessageIsAFault() {
        byte[] good = RequestFuzzTest.tensors().toByteArray();
        assertNoFault(
                GRPC_ALLOWED,
                Integer.toString(Status.Code.INVALID_ARGUMENT.value()),
                () -> grpcStatus(call(good)),
                () -> grpcStatus(call(changes.of(good, false))));
    }

    private static CompletableFuture<AggregatedHttpResponse> post(byte[] body, Integer jsonLength) {
        RequestHeadersBuilder headers = RequestHeaders.builder(HttpMethod.POST, PATH);
        if (jsonLength != null) {
            headers.set(InferAnswer.JSON_LENGTH, Integer.toString(jsonLength));
        }
        return http.execute(HttpRequest.of(headers.build(), HttpData.wrap(body)))
                .aggregate();
    }

    private static CompletableFuture<AggregatedHttpResponse> call(byte[] message) {
        byte[] frame = ByteBuffer.allocate(5 + message.length)
                .put((byte) 0) // not compressed
                .putInt(message.length)
                .put(message)
                .array();
        RequestHeaders headers =
                RequestHeaders.of(HttpMethod.POST, GRPC_PATH, "content-type", "application/grpc", "te", "trailers");
        return grpc.execute(HttpRequest.of(headers, HttpData.wrap(frame))).aggregate();
    }

    private static CompletableFuture<String> status(CompletableFuture<AggregatedHttpResponse> response) {
        return response.thenApply(answer -> answer.status().codeAsText());
    }

    /// In the trailers, or in the headers of an answer without a message.
    private static CompletableFuture<String> grpcStatus(CompletableFuture<AggregatedHttpResponse> response) {
        return response.thenApply(answer -> {
            assertEquals(200, answer.status().code());
            return answer.trailers().get("grpc-status", answer.headers().get("grpc-status", "none"));
        });
    }

    private static void assertNoFault(
            Set<String> allowed,
            String mistake,
            Supplier<CompletableFuture<String>> good,
            Supplier<CompletableFuture<String>> changed) {
        String answered = good.get().join();
        assertTrue(Set.of("200", "0").contains(answered), answered);
        int threads = Thread.activeCount();
        Map<String, Integer> statuses = new TreeMap<>();
        for (int sent = 0; sent < COUNT; sent += AT_ONCE) {
            List<CompletableFuture<String>> underWay = new ArrayList<>();
            for (int request = 0; request < AT_ONCE; request++) {
                underWay.add(changed.get());
            }
            underWay.forEach(each -> statuses.merge(each.join(), 1, Integer::sum));
        }
        assertTrue(allowed.containsAll(statuses.keySet()), statuses.toString());
        assertTrue(statuses.containsKey(answered) && statuses.get(mistake) > COUNT / 10, statuses.toString());
        assertEquals(answered, good.get().join());
        int processors = Runtime.getRuntime().availableProcessors();
        assertTrue(Thread.activeCount() <= threads + 4 * processors, "threads are not as many as requests");
    }
}
