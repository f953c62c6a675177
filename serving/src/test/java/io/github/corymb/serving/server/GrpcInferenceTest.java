package io.github.corymb.serving.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
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
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Open Inference Protocol asked by the client of grpc-java.
class GrpcInferenceTest {

    private static GrpcServer server;

    private final GRPCInferenceServiceBlockingStub inference =
            GRPCInferenceServiceGrpc.newBlockingStub(server.channel());

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = new GrpcServer(folder);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.close();
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
                server.expected().bundle().digest(),
                answer.getParametersOrThrow("bundle").getStringParam());
        assertEquals(3, answer.getOutputsCount());
        answer.getOutputsList().forEach(output -> {
            float[] values = server.expected().task(output.getName());
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
        for (float value : server.expected().task("money")) {
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
                HealthGrpc.newBlockingStub(server.channel())
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus());
    }

    @Test
    void mistakesHaveTheirStatus() {
        GrpcServer.assertStatus(
                Status.Code.INVALID_ARGUMENT,
                "input 'user_id': expected 2 values of INT64 in their field of contents, found 0",
                () -> inference.modelInfer(ModelInferRequest.newBuilder()
                        .setModelName("one")
                        .addInputs(input("user_id", "INT64", 2))
                        .build()));
        GrpcServer.assertStatus(
                Status.Code.INVALID_ARGUMENT,
                "raw_input_contents: expected one for each of 0 inputs, found 1",
                () -> inference.modelInfer(ModelInferRequest.newBuilder()
                        .setModelName("one")
                        .addRawInputContents(ByteString.EMPTY)
                        .build()));
    }
}
