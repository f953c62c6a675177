package io.github.corymb.serving.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.github.corymb.bundle.BundleReader.Verification;
import io.github.corymb.serving.FeatureRows;
import io.github.corymb.serving.RankQuestion;
import io.github.corymb.serving.Ranker;
import io.github.corymb.serving.RankerOptions;
import io.github.corymb.serving.Ranking;
import io.github.corymb.serving.SampleBundle;
import io.github.corymb.serving.rpc.Fusion;
import io.github.corymb.serving.rpc.IntegerList;
import io.github.corymb.serving.rpc.Item;
import io.github.corymb.serving.rpc.RankRequest;
import io.github.corymb.serving.rpc.RankResponse;
import io.github.corymb.serving.rpc.RankServiceGrpc;
import io.github.corymb.serving.rpc.RankServiceGrpc.RankServiceBlockingStub;
import io.github.corymb.serving.rpc.Value;
import io.github.corymb.serving.rpc.inference.GRPCInferenceServiceGrpc;
import io.github.corymb.serving.rpc.inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.github.corymb.serving.rpc.inference.InferParameter;
import io.github.corymb.serving.rpc.inference.InferTensorContents;
import io.github.corymb.serving.rpc.inference.ModelInferRequest;
import io.github.corymb.serving.rpc.inference.ModelInferRequest.InferInputTensor;
import io.github.corymb.serving.rpc.inference.ModelInferRequest.InferRequestedOutputTensor;
import io.github.corymb.serving.rpc.inference.ModelInferResponse;
import io.github.corymb.serving.rpc.inference.ModelMetadataRequest;
import io.github.corymb.serving.rpc.inference.ModelMetadataResponse;
import io.github.corymb.serving.rpc.inference.ModelReadyRequest;
import io.github.corymb.serving.rpc.inference.ServerLiveRequest;
import io.github.corymb.serving.rpc.inference.ServerMetadataRequest;
import io.github.corymb.serving.rpc.inference.ServerReadyRequest;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// The server asked by the client of grpc-java.
class GrpcTest {

    private static final RankerOptions QUICK = new RankerOptions(Verification.EVERY_FILE, 1, 100, 1);

    private static Ranking expected;
    private static RankServer server;
    private static ManagedChannel channel;

    private final RankServiceBlockingStub ranking = RankServiceGrpc.newBlockingStub(channel);
    private final GRPCInferenceServiceBlockingStub inference = GRPCInferenceServiceGrpc.newBlockingStub(channel);

    @BeforeAll
    static void start(@TempDir Path folder) {
        Path bundle = SampleBundle.write(folder, "one", 7);
        server = RankServer.start(
                bundle, ServerOptions.STANDARD.at("127.0.0.1", 0), QUICK, "0.1.0", InstantSource.system());
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .build();
        try (Ranker ranker = Ranker.open(bundle, QUICK)) {
            expected = ranker.rank(
                    FeatureRows.one()
                            .longs("user_id", 5)
                            .longLists("history", new long[] {3, 9, 4})
                            .doubles("price", 0.5),
                    FeatureRows.of(3).longs("item_id", 7, 12, 16).texts("tags", "a|d", null, "c"),
                    RankQuestion.ALL.fusedBy("product").explaining(1));
        }
    }

    @AfterAll
    static void stop() throws InterruptedException {
        channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        server.close();
    }

    private static RankRequest.Builder question() {
        return RankRequest.newBuilder()
                .setModel("one")
                .putContext("user_id", integer(5))
                .putContext(
                        "history",
                        Value.newBuilder()
                                .setIntegers(IntegerList.newBuilder().addAllValues(List.of(3L, 9L, 4L)))
                                .build())
                .putContext("price", Value.newBuilder().setNumber(0.5).build())
                .addItems(item("x", 7).putColumns("tags", text("a|d")))
                .addItems(item("", 12).putColumns("tags", Value.getDefaultInstance()))
                .addItems(item("z", 16).putColumns("tags", text("c")));
    }

    private static Item.Builder item(String id, long item) {
        return Item.newBuilder().setId(id).putColumns("item_id", integer(item));
    }

    private static Value integer(long value) {
        return Value.newBuilder().setInteger(value).build();
    }

    private static Value text(String value) {
        return Value.newBuilder().setText(value).build();
    }

    @Test
    void ranksAsTheLibraryDoes() {
        RankResponse answer = ranking.rank(question()
                .setFusionName("product")
                .setTopK(2)
                .setExplainItems(1)
                .addTasks("click")
                .addTasks("level")
                .build());
        assertEquals("one", answer.getModel());
        assertEquals("1", answer.getVersion());
        assertEquals(expected.bundle().digest(), answer.getBundle());
        assertEquals("product", answer.getFusion());
        assertEquals(2, answer.getItemsCount());
        for (int place = 0; place < 2; place++) {
            int index = expected.order()[place];
            assertEquals(index, answer.getItems(place).getIndex());
            assertEquals(
                    question().getItems(index).getId(), answer.getItems(place).getId());
            assertEquals(expected.scores()[index], answer.getItems(place).getScore(), 1e-9);
            assertEquals(
                    expected.task("click")[index],
                    answer.getItems(place).getTasksOrThrow("click").getValues(0));
            assertEquals(place == 0 ? 2 : 0, answer.getItems(place).getExplanationCount());
            for (int c = 0; c < 3; c++) {
                assertEquals(
                        expected.task("level")[index * 3 + c],
                        answer.getItems(place).getTasksOrThrow("level").getValues(c));
            }
        }
    }

    @Test
    void explainsWhatTheLibraryExplains() {
        RankResponse answer = ranking.rank(
                question().setFusionName("product").setExplainItems(1).build());
        Ranking.Explanation best = expected.explanations().getFirst();
        float[] ofLevel = best.differences().get(2); // [F, 3]
        for (int f = 0; f < best.features().size(); f++) {
            for (int c = 0; c < 3; c++) {
                assertEquals(
                        ofLevel[f * 3 + c],
                        answer.getItems(0)
                                .getExplanationOrThrow("level")
                                .getFeaturesOrThrow(best.features().get(f))
                                .getValues(c));
            }
        }
    }

    @Test
    void aFusionOfTheRequestIsTaken() {
        RankResponse answer = ranking.rank(question()
                .setFusionDefinition(
                        Fusion.newBuilder().setKind(Fusion.Kind.WEIGHTED_SUM).putWeights("money", -2))
                .build());
        assertEquals("request", answer.getFusion());
        answer.getItemsList()
                .forEach(item -> assertEquals(-2.0 * expected.task("money")[item.getIndex()], item.getScore(), 1e-6));
    }

    private static ModelInferRequest.Builder tensors() {
        return ModelInferRequest.newBuilder()
                .setModelName("one")
                .setId("q7")
                .addInputs(input("user_id", "INT64", 1)
                        .setContents(InferTensorContents.newBuilder().addInt64Contents(5)))
                .addInputs(input("history", "INT32", 1, 4)
                        .putParameters(
                                "missing",
                                InferParameter.newBuilder().setInt64Param(-1).build())
                        .setContents(InferTensorContents.newBuilder()
                                .addIntContents(3)
                                .addIntContents(9)
                                .addIntContents(4)
                                .addIntContents(-1)))
                .addInputs(input("price", "FP32", 1, 1)
                        .setContents(InferTensorContents.newBuilder().addFp32Contents(0.5f)))
                .addInputs(input("item_id", "UINT16", 3)
                        .setContents(InferTensorContents.newBuilder()
                                .addUintContents(7)
                                .addUintContents(12)
                                .addUintContents(16)))
                .addInputs(input("tags", "BYTES", 3)
                        .putParameters(
                                "missing",
                                InferParameter.newBuilder().setStringParam("").build())
                        .setContents(InferTensorContents.newBuilder()
                                .addBytesContents(ByteString.copyFromUtf8("a|d"))
                                .addBytesContents(ByteString.EMPTY)
                                .addBytesContents(ByteString.copyFromUtf8("c"))));
    }

    @Test
    void contentsAndRawBytesInferTheSame() {
        ModelInferRequest.Builder request = tensors();
        ModelInferResponse answer = inference.modelInfer(request.build());
        assertEquals("q7", answer.getId());
        assertEquals("1", answer.getModelVersion());
        assertEquals(
                expected.bundle().digest(),
                answer.getParametersOrThrow("bundle").getStringParam());
        assertEquals(3, answer.getOutputsCount());
        answer.getOutputsList().forEach(output -> {
            float[] values = expected.task(output.getName());
            assertEquals(values.length / 3, output.getShape(1));
            for (int i = 0; i < values.length; i++) {
                assertEquals(values[i], output.getContents().getFp32Contents(i));
            }
        });
        request.getInputsBuilderList().forEach(InferInputTensor.Builder::clearContents);
        request.addRawInputContents(bytes(8, buffer -> buffer.putLong(5)))
                .addRawInputContents(
                        bytes(16, buffer -> buffer.putInt(3).putInt(9).putInt(4).putInt(-1)))
                .addRawInputContents(bytes(4, buffer -> buffer.putFloat(0.5f)))
                .addRawInputContents(bytes(
                        6,
                        buffer ->
                                buffer.putShort((short) 7).putShort((short) 12).putShort((short) 16)))
                .addRawInputContents(bytes(
                        16,
                        buffer -> buffer.putInt(3)
                                .put(new byte[] {'a', '|', 'd'})
                                .putInt(0)
                                .putInt(1)
                                .put((byte) 'c')))
                .addOutputs(InferRequestedOutputTensor.newBuilder().setName("money"));
        ModelInferResponse raw = inference.modelInfer(request.build());
        assertEquals(1, raw.getOutputsCount());
        ByteBuffer money = raw.getRawOutputContents(0).asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        for (float value : expected.task("money")) {
            assertEquals(value, money.getFloat());
        }
        assertFalse(money.hasRemaining());
    }

    private static InferInputTensor.Builder input(String name, String datatype, long... shape) {
        InferInputTensor.Builder input =
                InferInputTensor.newBuilder().setName(name).setDatatype(datatype);
        for (long length : shape) {
            input.addShape(length);
        }
        return input;
    }

    private static ByteString bytes(int count, Consumer<ByteBuffer> fill) {
        ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        fill.accept(buffer);
        return ByteString.copyFrom(buffer.flip());
    }

    @Test
    void tellsHealthAndMetadata() {
        assertTrue(inference.serverLive(ServerLiveRequest.getDefaultInstance()).getLive());
        assertTrue(
                inference.serverReady(ServerReadyRequest.getDefaultInstance()).getReady());
        assertTrue(inference
                .modelReady(ModelReadyRequest.newBuilder().setName("one").build())
                .getReady());
        assertFalse(inference
                .modelReady(ModelReadyRequest.newBuilder()
                        .setName("one")
                        .setVersion("2")
                        .build())
                .getReady());
        assertEquals(
                "corymb",
                inference
                        .serverMetadata(ServerMetadataRequest.getDefaultInstance())
                        .getName());
        ModelMetadataResponse model = inference.modelMetadata(
                ModelMetadataRequest.newBuilder().setName("one").build());
        assertEquals(5, model.getInputsCount());
        assertEquals("level", model.getOutputs(2).getName());
        assertEquals(-1, model.getOutputs(2).getShape(0));
        assertEquals(3, model.getOutputs(2).getShape(1));
        assertEquals(
                ServingStatus.SERVING,
                HealthGrpc.newBlockingStub(channel)
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus());
    }

    @Test
    void mistakesHaveTheirStatus() {
        assertStatus(
                Status.Code.NOT_FOUND,
                "no model 'two' is served",
                () -> ranking.rank(question().setModel("two").build()));
        assertStatus(
                Status.Code.NOT_FOUND,
                "no model 'one' with label 'canary' is served",
                () -> ranking.rank(question().setLabel("canary").build()));
        assertStatus(
                Status.Code.INVALID_ARGUMENT,
                "tasks: expected one of [click, money, level], found 'clicks'; did you mean 'click'?",
                () -> ranking.rank(question().addTasks("clicks").build()));
        assertStatus(
                Status.Code.INVALID_ARGUMENT,
                "fusion: expected a kind, found 0",
                () -> ranking.rank(question()
                        .setFusionDefinition(Fusion.getDefaultInstance())
                        .build()));
        RankRequest.Builder many = question();
        for (int i = 0; i < 98; i++) {
            many.addItems(Item.getDefaultInstance());
        }
        assertStatus(
                Status.Code.INVALID_ARGUMENT,
                "items: expected at most 100, found more",
                () -> ranking.rank(many.build()));
        assertStatus(
                Status.Code.RESOURCE_EXHAUSTED,
                null,
                () -> ranking.rank(
                        question().putContext("x", text("x".repeat(5_000_000))).build()));
        assertStatus(
                Status.Code.INVALID_ARGUMENT,
                "input 'user_id': expected 2 values of INT64 in their field of contents, found 0",
                () -> inference.modelInfer(ModelInferRequest.newBuilder()
                        .setModelName("one")
                        .addInputs(input("user_id", "INT64", 2))
                        .build()));
        assertStatus(
                Status.Code.INVALID_ARGUMENT,
                "raw_input_contents: expected one for each of 0 inputs, found 1",
                () -> inference.modelInfer(ModelInferRequest.newBuilder()
                        .setModelName("one")
                        .addRawInputContents(ByteString.EMPTY)
                        .build()));
    }

    /// Bytes that are no message of the method, or a changed one.
    @Test
    void noMessageIsAFaultOfTheServer() {
        MethodDescriptor<String, RankResponse> method = RankServiceGrpc.getRankMethod().toBuilder(
                        new Latin1Marshaller(), RankServiceGrpc.getRankMethod().getResponseMarshaller())
                .build();
        Random random = new Random(2026);
        Set<Status.Code> codes = new TreeSet<>();
        for (int round = 0; round < 300; round++) {
            byte[] message = question().build().toByteArray();
            for (int change = random.nextInt(3); change >= 0; change--) {
                message[random.nextInt(message.length)] = (byte) random.nextInt(256);
            }
            String characters = new String(message, StandardCharsets.ISO_8859_1);
            try {
                ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, characters);
                codes.add(Status.Code.OK);
            } catch (StatusRuntimeException refused) {
                codes.add(refused.getStatus().getCode());
            }
        }
        assertEquals(Set.of(Status.Code.OK, Status.Code.INVALID_ARGUMENT, Status.Code.NOT_FOUND), codes);
    }

    @Test
    void aDeadlineOfTheCallerCounts() {
        assertStatus(
                Status.Code.DEADLINE_EXCEEDED,
                null,
                () -> ranking.withDeadlineAfter(1, TimeUnit.MICROSECONDS)
                        .rank(question().build()));
    }

    private static void assertStatus(Status.Code code, String message, Executable call) {
        StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, call);
        assertEquals(code, refused.getStatus().getCode(), refused.getMessage());
        String description = refused.getStatus().getDescription();
        assertEquals(message == null ? description : message, description);
    }
}
