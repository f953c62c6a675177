package io.github.corymb.serving.server;

import io.github.corymb.feature.InputException;
import io.github.corymb.serving.Ranking;
import io.github.corymb.serving.rpc.RankRequest;
import io.github.corymb.serving.rpc.RankResponse;
import io.github.corymb.serving.rpc.RankServiceGrpc;
import io.grpc.ServerServiceDefinition;

/// Ranking over gRPC.
record GrpcRank(Models models, ServerMetrics metrics, int itemLimit) {

    ServerServiceDefinition service(ComputePool compute) {
        return ServerServiceDefinition.builder(RankServiceGrpc.SERVICE_NAME)
                .addMethod(GrpcMethod.computed(RankServiceGrpc.getRankMethod(), compute, metrics, this::rank))
                .build();
    }

    /// @throws InputException for a mistake, RefusedException where there is no such model
    RankResponse rank(byte[] bytes) {
        long start = System.nanoTime();
        RankMessage rank = RankMessage.parse(bytes, itemLimit);
        RankRequest message = rank.message();
        Models.Version version = models.require(
                message.getModel(),
                message.hasVersion() ? message.getVersion() : null,
                message.hasLabel() ? message.getLabel() : null);
        long parsed = System.nanoTime();
        Ranking ranking = version.ranker().rank(rank.context(), rank.items(), rank.question());
        metrics.answered(version, ranking, parsed - start);
        return rank.answer(version, ranking);
    }
}
