package io.github.corymb.serving.server;

import io.github.corymb.serving.rpc.inference.GRPCInferenceServiceGrpc;
import io.github.corymb.serving.rpc.inference.ModelInferRequest;
import io.github.corymb.serving.rpc.inference.ModelInferResponse;
import io.github.corymb.serving.rpc.inference.ModelMetadataRequest;
import io.github.corymb.serving.rpc.inference.ModelMetadataResponse;
import io.github.corymb.serving.rpc.inference.ModelReadyRequest;
import io.github.corymb.serving.rpc.inference.ModelReadyResponse;
import io.github.corymb.serving.rpc.inference.ServerLiveResponse;
import io.github.corymb.serving.rpc.inference.ServerMetadataResponse;
import io.github.corymb.serving.rpc.inference.ServerReadyResponse;
import io.grpc.ServerServiceDefinition;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/// The Open Inference Protocol v2 over gRPC.
///
/// @param ready whether requests are taken
/// @param version of Corymb, as it is told
record GrpcInference(Models models, ServerMetrics metrics, BooleanSupplier ready, int itemLimit, String version) {

    ServerServiceDefinition service(ComputePool compute) {
        return ServerServiceDefinition.builder(GRPCInferenceServiceGrpc.SERVICE_NAME)
                .addMethod(GrpcMethod.immediate(
                        GRPCInferenceServiceGrpc.getServerLiveMethod(),
                        _ -> ServerLiveResponse.newBuilder().setLive(true).build()))
                .addMethod(GrpcMethod.immediate(
                        GRPCInferenceServiceGrpc.getServerReadyMethod(),
                        _ -> ServerReadyResponse.newBuilder()
                                .setReady(ready.getAsBoolean())
                                .build()))
                .addMethod(GrpcMethod.immediate(GRPCInferenceServiceGrpc.getModelReadyMethod(), this::modelReady))
                .addMethod(GrpcMethod.immediate(
                        GRPCInferenceServiceGrpc.getServerMetadataMethod(),
                        _ -> ServerMetadataResponse.newBuilder()
                                .setName(ModelPages.SERVER)
                                .setVersion(version)
                                .addAllExtensions(ModelPages.EXTENSIONS)
                                .build()))
                .addMethod(GrpcMethod.immediate(GRPCInferenceServiceGrpc.getModelMetadataMethod(), this::metadata))
                .addMethod(GrpcMethod.computed(
                        GRPCInferenceServiceGrpc.getModelInferMethod(), compute, metrics, this::infer))
                .build();
    }

    private ModelReadyResponse modelReady(byte[] message) {
        ModelReadyRequest request = GrpcMethod.parse(ModelReadyRequest.parser(), message);
        boolean served = models.find(request.getName(), orNull(request.getVersion()), null)
                .isPresent();
        return ModelReadyResponse.newBuilder().setReady(served).build();
    }

    private ModelMetadataResponse metadata(byte[] message) {
        ModelMetadataRequest request = GrpcMethod.parse(ModelMetadataRequest.parser(), message);
        Models.Version model = models.require(request.getName(), orNull(request.getVersion()), null);
        ModelMetadataResponse.Builder answer = ModelMetadataResponse.newBuilder()
                .setName(model.model())
                .addAllVersions(models.versions(model.model()))
                .setPlatform(ModelPages.PLATFORM);
        ModelTensor.inputs(model.ranker().schema()).values().forEach(tensor -> answer.addInputs(told(tensor)));
        ModelTensor.outputs(model.ranker()).forEach(tensor -> answer.addOutputs(told(tensor)));
        return answer.build();
    }

    /// @throws InputException for a mistake
    Call<ModelInferResponse> infer(String id, byte[] message) {
        ModelInferRequest request = GrpcMethod.parse(ModelInferRequest.parser(), message);
        boolean raw = request.getRawInputContentsCount() > 0;
        InferRequest read = InferMessage.read(request, itemLimit);
        return new Call<>(
                id,
                request.getModelName(),
                orNull(request.getModelVersion()),
                null,
                version -> new Question<>(
                        read.of(version.ranker().schema()),
                        ranking -> InferMessage.write(version, ranking, request.getId(), raw)));
    }

    private static ModelMetadataResponse.TensorMetadata told(ModelTensor tensor) {
        return ModelMetadataResponse.TensorMetadata.newBuilder()
                .setName(tensor.name())
                .setDatatype(tensor.datatype().name())
                .addAllShape(Arrays.stream(tensor.shape()).boxed().toList())
                .build();
    }

    private static String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
