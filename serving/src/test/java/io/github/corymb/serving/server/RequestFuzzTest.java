package io.github.corymb.serving.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import io.github.corymb.bundle.BundleReader.Verification;
import io.github.corymb.serving.RankerOptions;
import io.github.corymb.serving.SampleBundle;
import io.github.corymb.serving.rpc.IntegerList;
import io.github.corymb.serving.rpc.Item;
import io.github.corymb.serving.rpc.RankRequest;
import io.github.corymb.serving.rpc.Value;
import io.github.corymb.serving.rpc.inference.InferParameter;
import io.github.corymb.serving.rpc.inference.InferTensorContents;
import io.github.corymb.serving.rpc.inference.ModelInferRequest;
import io.github.corymb.serving.rpc.inference.ModelInferRequest.InferInputTensor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Good requests, changed at random: whatever comes, it is answered or is a mistake of the caller, never a fault of
/// ours. The same for the same seed.
class RequestFuzzTest {

    /// Changed requests of each of four forms.
    private static final int COUNT = 25_000;

    private static final String RANK = "{\"context\": {\"user_id\": 5, \"history\": [3, 9, 4], \"price\": null}, "
            + "\"items\": [{\"id\": \"x\", \"item_id\": 7, \"tags\": \"a|d\"}, {\"id\": 2, \"item_id\": 12}, "
            + "{\"item_id\": 16, \"tags\": \"c\"}], \"tasks\": [\"click\", \"level\"], \"top_k\": 2, "
            + "\"fusion\": {\"type\": \"rank_sum\", \"weights\": {\"click\": 1}}, \"explain\": {\"items\": 1}}";
    static final String INFER = "{\"id\": \"q\", \"parameters\": {\"binary_data_output\": false}, \"inputs\": ["
            + "{\"name\": \"user_id\", \"datatype\": \"INT64\", \"shape\": [1], \"data\": [5]}, "
            + "{\"name\": \"history\", \"datatype\": \"INT8\", \"shape\": [1, 2], \"data\": [[3, -1]], "
            + "\"parameters\": {\"missing\": -1}}, "
            + "{\"name\": \"price\", \"datatype\": \"FP32\", \"shape\": [1, 1], \"data\": [0.5]}, "
            + "{\"name\": \"tags\", \"datatype\": \"BYTES\", \"shape\": [2], \"data\": [\"a|d\", null]}], "
            + "\"outputs\": [{\"name\": \"click\"}]}";

    private static Models models;
    private static ServerMetrics metrics;
    private static Scoring scoring;

    private final ByteChanges changes = new ByteChanges(2026);

    @BeforeAll
    static void open(@TempDir Path folder) {
        Path bundle = SampleBundle.write(folder, "one", 7);
        models = new Models(bundle, new RankerOptions(Verification.EVERY_FILE, 1, 1_000, 1));
        models.refresh();
        metrics = new ServerMetrics(InstantSource.system(), new Traffic(Instant.EPOCH));
        scoring = new Scoring(models, metrics, _ -> {});
    }

    @AfterAll
    static void close() {
        models.close();
        metrics.close();
    }

    @Test
    void noJsonIsAFaultOfOurs() {
        assertNoFault(RANK.getBytes(StandardCharsets.UTF_8), true, body -> call(new RankCall(1_000), body));
    }

    @Test
    void noTensorsAreAFaultOfOurs() {
        assertNoFault(INFER.getBytes(StandardCharsets.UTF_8), true, body -> call(new InferCall(1_000), body));
    }

    @Test
    void noRankMessageIsAFaultOfOurs() {
        GrpcRank rank = new GrpcRank(metrics, 1_000);
        RankRequest good = RankRequest.newBuilder()
                .setModel("one")
                .putContext("user_id", Value.newBuilder().setInteger(5).build())
                .putContext(
                        "history",
                        Value.newBuilder()
                                .setIntegers(
                                        IntegerList.newBuilder().addValues(3).addValues(9))
                                .build())
                .addItems(Item.newBuilder()
                        .setId("x")
                        .putColumns("item_id", Value.newBuilder().setInteger(7).build())
                        .putColumns("tags", Value.newBuilder().setText("a|d").build()))
                .addItems(Item.newBuilder()
                        .putColumns("item_id", Value.newBuilder().setInteger(12).build())
                        .putColumns("tags", Value.newBuilder().setText("a").build()))
                .addTasks("click")
                .setFusionName("product")
                .setTopK(2)
                .build();
        assertNoFault(
                good.toByteArray(),
                false,
                body -> answer(() -> rank.rank("fuzz", body)).getSerializedSize());
    }

    @Test
    void noInferenceMessageIsAFaultOfOurs() {
        GrpcInference inference = new GrpcInference(models, metrics, () -> true, 1_000, "0.1.0");
        assertNoFault(
                tensors().toByteArray(),
                false,
                body -> answer(() -> inference.infer("fuzz", body)).getSerializedSize());
    }

    static ModelInferRequest tensors() {
        return ModelInferRequest.newBuilder()
                .setModelName("one")
                .setId("q")
                .addInputs(InferInputTensor.newBuilder()
                        .setName("item_id")
                        .setDatatype("INT32")
                        .addShape(2)
                        .putParameters(
                                "missing",
                                InferParameter.newBuilder().setInt64Param(-1).build())
                        .setContents(InferTensorContents.newBuilder()
                                .addIntContents(7)
                                .addIntContents(12)))
                .addInputs(InferInputTensor.newBuilder()
                        .setName("tags")
                        .setDatatype("BYTES")
                        .addShape(2)
                        .addShape(1)
                        .setContents(InferTensorContents.newBuilder()
                                .addBytesContents(ByteString.copyFromUtf8("a|d"))
                                .addBytesContents(ByteString.EMPTY)))
                .build();
    }

    private interface Answering {
        int answer(byte[] body);
    }

    private static int call(ModelCall call, byte[] body) {
        AggregatedHttpRequest request =
                AggregatedHttpRequest.of(RequestHeaders.of(HttpMethod.POST, "/"), HttpData.wrap(body));
        return answer(() -> new Call<>("fuzz", "one", null, null, version -> call.read(version, request)))
                .content()
                .length();
    }

    private static <T> T answer(Supplier<Call<T>> call) {
        return scoring.answer(scoring.read(call));
    }

    private void assertNoFault(byte[] good, boolean text, Answering call) {
        assertTrue(call.answer(good) > 0);
        int threads = Thread.activeCount();
        Map<Refusal, Integer> refusals = new EnumMap<>(Refusal.class);
        int answered = 0;
        for (int round = 0; round < COUNT; round++) {
            byte[] body = changes.of(good, text);
            try {
                call.answer(body);
                answered++;
            } catch (RuntimeException fault) {
                RefusedException refused = RefusedException.of("fuzz", fault);
                refusals.merge(refused.refusal(), 1, Integer::sum);
                boolean ofTheCaller =
                        refused.refusal() == Refusal.MISTAKE || refused.refusal() == Refusal.UNKNOWN_MODEL;
                assertTrue(
                        ofTheCaller, () -> "fault for " + new String(body, StandardCharsets.ISO_8859_1) + ": " + fault);
                assertEquals(1, refused.getMessage().lines().count(), refused.getMessage());
            }
        }
        assertTrue(answered > 0 && refusals.get(Refusal.MISTAKE) > COUNT / 10, answered + " answered, " + refusals);
        assertTrue(Thread.activeCount() <= threads + 1, "threads are as many as before");
    }
}
