package io.github.corymb.serving.server;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Calls of a model by HTTP, at a path with `name` and perhaps `version` or `label`. Bodies are read by the server's
/// event loops, and answered by the compute pool.
final class ModelService implements HttpService {

    private final ComputePool compute;
    private final ServerMetrics metrics;
    private final ModelCall call;

    ModelService(ComputePool compute, ServerMetrics metrics, ModelCall call) {
        this.compute = compute;
        this.metrics = metrics;
        this.call = call;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
        long start = System.nanoTime();
        CompletableFuture<HttpResponse> answer = request.aggregate()
                .exceptionally(fault -> {
                    throw unread(fault);
                })
                .thenCompose(body -> compute.submit(context, start, () -> call(context, body)))
                .exceptionally(fault -> Answers.refused(RefusedException.of(RequestIds.of(context), fault)))
                .thenApply(response -> {
                    metrics.request(response.status().code(), System.nanoTime() - start);
                    return response.toHttpResponse();
                });
        return HttpResponse.of(answer);
    }

    private Call<AggregatedHttpResponse> call(ServiceRequestContext context, AggregatedHttpRequest request) {
        return new Call<>(
                RequestIds.of(context),
                context.pathParam("name"),
                context.pathParam("version"),
                context.pathParam("label"),
                version -> call.read(version, request));
    }

    private static RefusedException unread(Throwable fault) {
        Throwable cause = fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
        return cause instanceof ContentTooLargeException
                ? new RefusedException(Refusal.TOO_LONG, "body: longer than the server's limit", cause)
                : new RefusedException(Refusal.MISTAKE, "body: could not be read to its end", cause);
    }
}
