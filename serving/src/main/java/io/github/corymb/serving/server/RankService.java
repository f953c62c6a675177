package io.github.corymb.serving.server;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.github.corymb.feature.InputException;
import io.github.corymb.serving.BundleFaultException;
import io.github.corymb.serving.Ranking;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `POST /v1/models/NAME[/versions/VERSION|/labels/LABEL]:rank`. Bodies are read by the server's event loops, ranked by
/// a pool of bounded threads and queue. After each answer those who look at traffic are told, in the same thread; they
/// only take note.
final class RankService implements HttpService {

    private static final Logger LOG = LoggerFactory.getLogger(RankService.class);

    private final Models models;
    private final ThreadPoolExecutor compute;
    private final ServerMetrics metrics;
    private final long deadlineNanos;
    private final Consumer<Answered> afterwards;

    RankService(
            Models models,
            ThreadPoolExecutor compute,
            ServerMetrics metrics,
            long deadlineNanos,
            Consumer<Answered> afterwards) {
        this.models = models;
        this.compute = compute;
        this.metrics = metrics;
        this.deadlineNanos = deadlineNanos;
        this.afterwards = afterwards;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
        long start = System.nanoTime();
        CompletableFuture<HttpResponse> answer = request.aggregate()
                .thenCompose(body -> computed(context, body, start))
                .exceptionally(RankService::unread)
                .thenApply(response -> {
                    metrics.request(response.status().code(), System.nanoTime() - start);
                    return response.toHttpResponse();
                });
        return HttpResponse.of(answer);
    }

    private CompletableFuture<AggregatedHttpResponse> computed(
            ServiceRequestContext context, AggregatedHttpRequest body, long start) {
        try {
            return CompletableFuture.supplyAsync(() -> rank(context, body, start), compute);
        } catch (RejectedExecutionException full) {
            metrics.shed("queue");
            return CompletableFuture.completedFuture(Answers.busy("too many requests wait"));
        }
    }

    private AggregatedHttpResponse rank(ServiceRequestContext context, AggregatedHttpRequest request, long start) {
        if (System.nanoTime() - start > deadlineNanos) {
            metrics.shed("deadline");
            return Answers.busy("the request waited longer than its deadline");
        }
        String name = context.pathParam("name");
        String wanted = context.pathParam("version");
        String label = context.pathParam("label");
        Optional<Models.Version> found = models.find(name, wanted, label);
        if (found.isEmpty()) {
            return Answers.error(
                    HttpStatus.NOT_FOUND,
                    "no model '%s'%s%s is served"
                            .formatted(
                                    name,
                                    wanted == null ? "" : " of version '" + wanted + "'",
                                    label == null ? "" : " with label '" + label + "'"));
        }
        String id = RequestIds.of(context);
        try {
            return rank(id, found.get(), request.content().array());
        } catch (InputException mistake) {
            return Answers.error(HttpStatus.BAD_REQUEST, mistake.getMessage());
        } catch (BundleFaultException fault) {
            LOG.error("request {}: model {} version {}", id, name, found.get().version(), fault);
            return Answers.busy(fault.getMessage());
        } catch (IllegalStateException closed) {
            LOG.warn(
                    "request {}: model {} version {}: asked while it was closed",
                    id,
                    name,
                    found.get().version(),
                    closed);
            return Answers.busy("this version was just taken away");
        } catch (RuntimeException fault) {
            LOG.error("request {}: model {} version {}", id, name, found.get().version(), fault);
            return Answers.error(HttpStatus.INTERNAL_SERVER_ERROR, "the server failed; its log says how");
        }
    }

    private AggregatedHttpResponse rank(String id, Models.Version version, byte[] json) {
        long start = System.nanoTime();
        RankBody body = RankBody.parse(json, version.ranker().schema().columns().contains("id"));
        long parsed = System.nanoTime();
        Ranking ranking = version.ranker().rank(body.context(), body.items(), body.question());
        metrics.answered(version, ranking, parsed - start);
        AggregatedHttpResponse answer = Answers.json(RankAnswer.write(version, ranking, body.ids()));
        afterwards.accept(
                new Answered(id, version, body.context(), body.items(), body.ids(), body.question(), ranking));
        return answer;
    }

    private static AggregatedHttpResponse unread(Throwable fault) {
        Throwable cause = fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
        return cause instanceof ContentTooLargeException
                ? Answers.tooLong()
                : Answers.error(HttpStatus.BAD_REQUEST, "body: could not be read to its end");
    }
}
