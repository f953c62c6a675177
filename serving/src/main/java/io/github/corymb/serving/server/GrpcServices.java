package io.github.corymb.serving.server;

import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.grpc.GrpcSerializationFormats;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.grpc.GrpcHealthCheckService;
import com.linecorp.armeria.server.grpc.GrpcService;
import com.linecorp.armeria.server.healthcheck.ListenableHealthChecker;
import io.grpc.Status;
import java.util.List;
import java.util.function.Function;

/// What a server answers by gRPC: inference, ranking, and its health as `grpc.health.v1` asks for it.
final class GrpcServices {

    private GrpcServices() {}

    /// @param messageLimit bytes of a request
    static GrpcService of(
            GrpcInference inference,
            GrpcRank rank,
            ComputePool compute,
            ClientShares shares,
            ListenableHealthChecker health,
            int messageLimit) {
        List<Function<HttpService, HttpService>> shared = List.of(service -> service.decorate(shares));
        return GrpcService.builder()
                .addService(inference, of -> of.service(compute), shared)
                .addService(rank, of -> of.service(compute), shared)
                .addService(GrpcHealthCheckService.builder().checkers(health).build())
                .supportedSerializationFormats(GrpcSerializationFormats.PROTO, GrpcSerializationFormats.PROTO_WEB)
                .maxRequestMessageLength(messageLimit)
                .exceptionHandler((_, status, cause, _) -> isTooLong(cause)
                        ? Status.RESOURCE_EXHAUSTED.withDescription("message: longer than the server's limit")
                        : status)
                .build();
    }

    private static boolean isTooLong(Throwable fault) {
        return fault instanceof ContentTooLargeException || (fault.getCause() != null && isTooLong(fault.getCause()));
    }
}
