package io.github.corymb.serving.server;

import io.github.corymb.serving.rpc.RankRequest;
import io.github.corymb.serving.rpc.RankResponse;
import io.github.corymb.serving.rpc.RankServiceGrpc;
import io.grpc.ServerServiceDefinition;

/// Ranking over gRPC.
record GrpcRank(Models models, Scoring scoring, int itemLimit) {

    ServerServiceDefinition service(ComputePool compute) {
        return ServerServiceDefinition.builder(RankServiceGrpc.SERVICE_NAME)
                .addMethod(GrpcMethod.computed(RankServiceGrpc.getRankMethod(), compute, scoring.metrics(), this::rank))
                .build();
    }

    /// @throws InputException for a mistake, RefusedException where there is no such model
    RankResponse rank(String id, byte[] bytes) {
        long start = System.nanoTime();
        RankRequest message = RankMessage.parse(bytes, itemLimit);
        Asked asked = RankMessage.read(message);
        return models.ask(
                message.getModel(),
                message.hasVersion() ? message.getVersion() : null,
                message.hasLabel() ? message.getLabel() : null,
                version -> RankMessage.write(version, scoring.rank(id, version, asked, start), message));
    }
}
