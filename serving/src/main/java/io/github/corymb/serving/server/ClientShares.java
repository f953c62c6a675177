package io.github.corymb.serving.server;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpResponseException;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;

/// Lets one client have no more than its share of requests under way. Clients are told apart by the address that
/// connects, whatever headers say. Any number of threads.
final class ClientShares implements DecoratingHttpServiceFunction {

    private final int limit;
    private final ServerMetrics metrics;
    private final ConcurrentHashMap<InetAddress, Integer> underWay = new ConcurrentHashMap<>(); // none that has none

    /// @param limit requests of one client at once; 0 for any number
    ClientShares(int limit, ServerMetrics metrics) {
        this.limit = limit;
        this.metrics = metrics;
    }

    @Override
    public HttpResponse serve(HttpService service, ServiceRequestContext context, HttpRequest request)
            throws Exception {
        if (limit == 0) {
            return service.serve(context, request);
        }
        InetAddress client = context.remoteAddress().getAddress();
        boolean over = underWay.merge(client, 1, Integer::sum) > limit;
        var _ = context.log()
                .whenComplete()
                .thenRun(() -> underWay.computeIfPresent(client, (_, count) -> count == 1 ? null : count - 1));
        if (over) {
            metrics.shed("client");
            metrics.request(HttpStatus.TOO_MANY_REQUESTS.code(), 0);
            throw HttpResponseException.of(refused(request));
        }
        return service.serve(context, request);
    }

    private HttpResponse refused(HttpRequest request) {
        RefusedException refused = new RefusedException(
                Refusal.OVER_SHARE, "this client has %d requests under way, its share".formatted(limit));
        MediaType type = request.contentType();
        boolean grpc = type != null && type.subtype().startsWith("grpc");
        return grpc
                ? HttpResponse.of(ResponseHeaders.builder(HttpStatus.OK)
                        .contentType(type)
                        .add(
                                "grpc-status",
                                Integer.toString(refused.refusal().code().value()))
                        .add("grpc-message", refused.getMessage())
                        .build())
                : Answers.refused(refused).toHttpResponse();
    }
}
