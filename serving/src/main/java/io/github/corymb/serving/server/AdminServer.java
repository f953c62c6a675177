package io.github.corymb.serving.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.HttpResponseException;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.github.corymb.feature.InputException;
import io.github.corymb.feature.NearestName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Calls that change what is served, on a port of their own of this machine alone:
///
///     PUT    /admin/v1/models/NAME/labels/LABEL    {"version": "3"}: sets a label
///     DELETE /admin/v1/models/NAME/labels/LABEL    takes it away
///     POST   /admin/v1/models/NAME/versions/V:unload, :load
///     POST   /admin/v1/reload                      takes up what changed on disk now
///     PUT    /admin/v1/drain                       {"drain": true}: tells load balancers to go elsewhere, or to return
///
/// Each needs `Authorization: Bearer TOKEN`; the digests of both tokens are compared in time that tells nothing of
/// them. A body has to come within [#BODY_TIMEOUT]; what it asks for takes as long as it takes. Answers are the list of
/// models. Whoever started it closes it.
final class AdminServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
    static final int BODY_LIMIT = 1 << 16;
    static final Duration BODY_TIMEOUT = Duration.ofSeconds(3);
    private static final String BEARER = "Bearer ";

    private final Models models;
    private final Runnable refresh;
    private final Consumer<Boolean> drain;
    private final ServerMetrics metrics;
    private final byte[] tokenDigest;
    private final Server server;

    /// @param refresh takes up what changed on disk
    /// @param drain tells whether new callers are wanted no more
    AdminServer(
            Operations.Admin options,
            RequestIds ids,
            Models models,
            Runnable refresh,
            Consumer<Boolean> drain,
            ServerMetrics metrics) {
        this.models = models;
        this.refresh = refresh;
        this.drain = drain;
        this.metrics = metrics;
        tokenDigest = digest(options.token());
        server = server(options, ids);
        RankServer.listen(server);
    }

    int port() {
        return server.activeLocalPort();
    }

    @Override
    public void close() {
        server.close();
    }

    private Server server(Operations.Admin options, RequestIds ids) {
        ServerBuilder builder = Server.builder()
                .http(new InetSocketAddress(InetAddress.getLoopbackAddress(), options.port()))
                .errorHandler(new JsonErrors())
                .maxRequestLength(BODY_LIMIT)
                .requestTimeout(BODY_TIMEOUT)
                .accessLogWriter(new AccessLog(), false)
                .decorator(this::admit)
                .decorator(new EarlyAnswers())
                .decorator(ids);
        builder.route().put("/admin/v1/models/{name}/labels/{label}").build(call(this::setLabel));
        builder.route().delete("/admin/v1/models/{name}/labels/{label}").build(call(this::setLabel));
        builder.route()
                .path("regex:^/admin/v1/models/(?<name>[^/:]+)/versions/(?<version>[^/:]+):(?<verb>load|unload)$")
                .methods(HttpMethod.POST)
                .build(call(this::loadOrUnload));
        builder.route().post("/admin/v1/reload").build(call((_, _) -> {
            refresh.run();
            return list();
        }));
        builder.route().put("/admin/v1/drain").build(call(this::drain));
        return builder.build();
    }

    private HttpResponse admit(HttpService service, ServiceRequestContext context, HttpRequest request)
            throws Exception {
        String given = request.headers().get(HttpHeaderNames.AUTHORIZATION, "");
        boolean admitted = given.startsWith(BEARER)
                && MessageDigest.isEqual(tokenDigest, digest(given.substring(BEARER.length())));
        if (admitted) {
            return service.serve(context, request);
        }
        metrics.registry().counter("corymb.admin.refused").increment();
        LOG.warn("request {}: admin call refused: no token, or a wrong one", RequestIds.of(context));
        AggregatedHttpResponse refusal = Answers.error(HttpStatus.UNAUTHORIZED, "expected the token of admin calls");
        throw HttpResponseException.of(AggregatedHttpResponse.of(
                refusal.headers().toBuilder()
                        .set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer")
                        .build(),
                refusal.content()));
    }

    /// Files are read and bundles opened, so the event loops are left.
    private HttpService call(BiFunction<ServiceRequestContext, AggregatedHttpRequest, AggregatedHttpResponse> call) {
        return (context, request) -> HttpResponse.of(request.aggregate()
                .whenComplete((_, _) -> context.clearRequestTimeout()) // a large bundle is not verified in seconds
                .thenApplyAsync(body -> answer(call, context, body), context.blockingTaskExecutor()));
    }

    private static HttpResponse answer(
            BiFunction<ServiceRequestContext, AggregatedHttpRequest, AggregatedHttpResponse> call,
            ServiceRequestContext context,
            AggregatedHttpRequest body) {
        AggregatedHttpResponse answer;
        try {
            answer = call.apply(context, body);
        } catch (InputException mistake) {
            answer = Answers.error(HttpStatus.BAD_REQUEST, mistake.getMessage());
        }
        LOG.info("request {}: {} {}: {}", RequestIds.of(context), body.method(), body.path(), answer.status());
        return answer.toHttpResponse();
    }

    private AggregatedHttpResponse setLabel(ServiceRequestContext context, AggregatedHttpRequest body) {
        String version = body.method() == HttpMethod.DELETE
                ? null
                : value(body, "version", "text", JsonNode::isTextual).textValue();
        models.setLabel(context.pathParam("name"), context.pathParam("label"), version);
        return list();
    }

    private AggregatedHttpResponse loadOrUnload(ServiceRequestContext context, AggregatedHttpRequest body) {
        if ("load".equals(context.pathParam("verb"))) {
            models.load(context.pathParam("name"), context.pathParam("version"));
        } else {
            models.unload(context.pathParam("name"), context.pathParam("version"));
        }
        refresh.run();
        return list();
    }

    private AggregatedHttpResponse drain(ServiceRequestContext context, AggregatedHttpRequest body) {
        drain.accept(value(body, "drain", "true or false", JsonNode::isBoolean).booleanValue());
        return list();
    }

    private AggregatedHttpResponse list() {
        return Answers.json(ModelPages.list(models));
    }

    private static JsonNode value(AggregatedHttpRequest body, String key, String kind, Predicate<JsonNode> isKind) {
        JsonNode root = JsonReader.read(body.content().array(), body.content().length(), json -> json.tree("body"));
        root.fieldNames().forEachRemaining(name -> {
            if (!name.equals(key)) {
                throw new InputException("body: unknown key '" + name + "'" + NearestName.hint(name, List.of(key)));
            }
        });
        JsonNode value = root.path(key);
        if (!isKind.test(value)) {
            throw new InputException("%s: expected %s, found %s".formatted(key, kind, root));
        }
        return value;
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
