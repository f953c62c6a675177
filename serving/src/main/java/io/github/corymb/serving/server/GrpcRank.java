package io.github.corymb.serving.server;

import io.github.corymb.serving.rpc.RankRequest;
import io.github.corymb.serving.rpc.RankResponse;
import io.github.corymb.serving.rpc.RankServiceGrpc;
import io.grpc.ServerServiceDefinition;

/// Ranking over gRPC.
record GrpcRank(ServerMetrics metrics, int itemLimit) {

    ServerServiceDefinition service(ComputePool compute) {
        return ServerServiceDefinition.builder(RankServiceGrpc.SERVICE_NAME)
                .addMethod(GrpcMethod.computed(RankServiceGrpc.getRankMethod(), compute, metrics, this::rank))
                .build();
    }

    /// @throws InputException for a mistake
    Call<RankResponse> rank(String id, byte[] bytes) {
        RankRequest message = RankMessage.parse(bytes, itemLimit);
        Asked asked = RankMessage.read(message);
        return new Call<>(
                id,
                message.getModel(),
                message.hasVersion() ? message.getVersion() : null,
                message.hasLabel() ? message.getLabel() : null,
                version -> new Question<>(asked, ranking -> RankMessage.write(version, ranking, message)));
    }
}
