package io.github.corymb.serving.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.corymb.serving.Ranking;
import io.github.corymb.serving.rpc.Fusion;
import io.github.corymb.serving.rpc.IntegerList;
import io.github.corymb.serving.rpc.Item;
import io.github.corymb.serving.rpc.RankRequest;
import io.github.corymb.serving.rpc.RankResponse;
import io.github.corymb.serving.rpc.RankServiceGrpc;
import io.github.corymb.serving.rpc.RankServiceGrpc.RankServiceBlockingStub;
import io.github.corymb.serving.rpc.Value;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Ranking asked by the client of grpc-java.
class GrpcRankTest {

    private static GrpcServer server;

    private final RankServiceBlockingStub ranking = RankServiceGrpc.newBlockingStub(server.channel());

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = new GrpcServer(folder);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.close();
    }

    private static RankRequest.Builder question() {
        return RankRequest.newBuilder()
                .setModel("one")
                .putContext("user_id", integer(5))
                .putContext(
                        "history",
                        Value.newBuilder()
                                .setIntegers(IntegerList.newBuilder()
                                        .addValues(3)
                                        .addValues(9)
                                        .addValues(4))
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
        assertEquals(server.expected().bundle().digest(), answer.getBundle());
        assertEquals("product", answer.getFusion());
        assertEquals(2, answer.getItemsCount());
        for (int place = 0; place < 2; place++) {
            int index = server.expected().order()[place];
            assertEquals(index, answer.getItems(place).getIndex());
            assertEquals(
                    question().getItems(index).getId(), answer.getItems(place).getId());
            assertEquals(
                    server.expected().scores()[index], answer.getItems(place).getScore(), 1e-9);
            assertEquals(
                    server.expected().task("click")[index],
                    answer.getItems(place).getTasksOrThrow("click").getValues(0));
            assertEquals(place == 0 ? 2 : 0, answer.getItems(place).getExplanationCount());
            for (int c = 0; c < 3; c++) {
                assertEquals(
                        server.expected().task("level")[index * 3 + c],
                        answer.getItems(place).getTasksOrThrow("level").getValues(c));
            }
        }
    }

    @Test
    void explainsWhatTheLibraryExplains() {
        RankResponse answer = ranking.rank(
                question().setFusionName("product").setExplainItems(1).build());
        Ranking.Explanation best = server.expected().explanations().getFirst();
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
                .forEach(item ->
                        assertEquals(-2.0 * server.expected().task("money")[item.getIndex()], item.getScore(), 1e-6));
    }

    @Test
    void mistakesHaveTheirStatus() {
        GrpcServer.assertStatus(
                Status.Code.NOT_FOUND,
                "no model 'two' is served",
                () -> ranking.rank(question().setModel("two").build()));
        GrpcServer.assertStatus(
                Status.Code.NOT_FOUND,
                "no model 'one' with label 'canary' is served",
                () -> ranking.rank(question().setLabel("canary").build()));
        GrpcServer.assertStatus(
                Status.Code.INVALID_ARGUMENT,
                "tasks: expected one of [click, money, level], found 'clicks'; did you mean 'click'?",
                () -> ranking.rank(question().addTasks("clicks").build()));
        GrpcServer.assertStatus(
                Status.Code.INVALID_ARGUMENT,
                "fusion: expected a kind, found 0",
                () -> ranking.rank(question()
                        .setFusionDefinition(Fusion.getDefaultInstance())
                        .build()));
        RankRequest.Builder many = question();
        for (int i = 0; i < 98; i++) {
            many.addItems(Item.getDefaultInstance());
        }
        GrpcServer.assertStatus(
                Status.Code.INVALID_ARGUMENT,
                "items: expected at most 100, found more",
                () -> ranking.rank(many.build()));
        GrpcServer.assertStatus(
                Status.Code.RESOURCE_EXHAUSTED,
                null,
                () -> ranking.rank(
                        question().putContext("x", text("x".repeat(5_000_000))).build()));
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
                ClientCalls.blockingUnaryCall(server.channel(), method, CallOptions.DEFAULT, characters);
                codes.add(Status.Code.OK);
            } catch (StatusRuntimeException refused) {
                codes.add(refused.getStatus().getCode());
            }
        }
        assertEquals(Set.of(Status.Code.OK, Status.Code.INVALID_ARGUMENT, Status.Code.NOT_FOUND), codes);
    }

    @Test
    void aDeadlineOfTheCallerCounts() {
        GrpcServer.assertStatus(
                Status.Code.DEADLINE_EXCEEDED,
                null,
                () -> ranking.withDeadlineAfter(1, TimeUnit.MICROSECONDS)
                        .rank(question().build()));
    }
}
