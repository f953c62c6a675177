package io.github.corymb.serving.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.healthcheck.SettableHealthChecker;
import io.github.corymb.feature.InputException;
import io.github.corymb.serving.RankerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A server of models over HTTP/1.1 and HTTP/2, listening from [#start] on. Whoever started it closes it: requests
/// under way are answered, new ones refused.
public final class RankServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RankServer.class);
    private static final String RANK =
            "regex:^/v1/models/(?<name>[^/:]+)(?:/versions/(?<version>[^/:]+)|/labels/(?<label>[^/:]+))?:rank$";
    private static final Duration QUIET = Duration.ofMillis(100); // without a request, before a stop

    private final Models models;
    private final Console console;
    private final ServerMetrics metrics;
    private final ComputePool compute;
    private final ClientShares shares;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("watch").factory());
    private final SettableHealthChecker health = new SettableHealthChecker(false); // as gRPC tells it
    private final FeatureLog log; // null without
    private final Shadow shadow;
    private final RequestIds ids = new RequestIds(new SecureRandom().nextLong());
    private final Server server;
    private volatile boolean draining;
    private AdminServer admin; // null without

    private RankServer(
            Models models,
            ServerOptions options,
            Operations operations,
            RankerOptions ranker,
            String version,
            InstantSource clock) {
        this.models = models;
        console = new Console(models, version, clock);
        metrics = new ServerMetrics(clock, console.traffic());
        compute = new ComputePool(options, new Scoring(models, metrics, this::afterwards));
        shares = new ClientShares(options.admission().requestsPerClient(), metrics);
        log = operations.log() == null ? null : new FeatureLog(operations.log(), clock, metrics.registry());
        shadow = new Shadow(models, compute::hasSpare, metrics.registry(), operations.shadowShare());
        server = server(options, ranker.itemLimit(), version);
        metrics.watch(server);
    }

    /// Starts a server with [Operations#STANDARD].
    ///
    /// @throws InputException where there is no such folder, or it is a bundle and refused
    public static RankServer start(
            Path folder, ServerOptions options, RankerOptions ranker, String version, InstantSource clock) {
        return start(folder, options, Operations.STANDARD, ranker, version, clock);
    }

    /// Opens what is there, warms it, and listens.
    ///
    /// @param folder a bundle, or a folder `NAME/VERSION/` of bundles
    /// @param version of Corymb, as it is told
    /// @throws InputException where there is no such folder, or it is a bundle and refused
    public static RankServer start(
            Path folder,
            ServerOptions options,
            Operations operations,
            RankerOptions ranker,
            String version,
            InstantSource clock) {
        if (!Files.isDirectory(folder)) {
            throw new InputException("%s: expected a bundle, or a folder of bundles".formatted(folder));
        }
        Models models = new Models(folder, ranker);
        CompletableFuture<Void> opened = CompletableFuture.runAsync(
                models::refresh, work -> Thread.ofPlatform().start(work));
        RankServer started;
        try {
            started = new RankServer(models, options, operations, ranker, version, clock); // takes as long as opening
        } catch (RuntimeException fault) {
            var _ = opened.whenComplete((_, _) -> models.close());
            throw fault;
        }
        try {
            opened.join();
            started.refresh();
            if (Files.exists(folder.resolve(Models.MANIFEST)) && started.versionCount() == 0) {
                throw new InputException(started.models.refusals().getFirst());
            }
            listen(started.server);
            if (operations.admin() != null) {
                started.admin = new AdminServer(
                        operations.admin(),
                        started.ids,
                        started.models,
                        started::refresh,
                        started::drain,
                        started.metrics);
            }
        } catch (RuntimeException fault) {
            started.close();
            throw fault;
        }
        long period = options.pollInterval().toMillis();
        var _ = started.watch.scheduleWithFixedDelay(started::lookAgain, period, period, TimeUnit.MILLISECONDS);
        return started;
    }

    /// The port that it listens at.
    public int port() {
        return server.activeLocalPort();
    }

    /// The port of admin calls.
    ///
    /// @throws IllegalStateException where there are none
    public int adminPort() {
        if (admin == null) {
            throw new IllegalStateException("this server takes no admin calls");
        }
        return admin.port();
    }

    /// How many versions are served.
    public int versionCount() {
        return models.all().size();
    }

    @Override
    public void close() {
        drain(true);
        watch.shutdownNow();
        console.close();
        if (admin != null) {
            admin.close();
        }
        server.close(); // waits for requests under way
        compute.close();
        shadow.close();
        if (log != null) {
            log.close();
        }
        models.close();
        metrics.close();
    }

    /// @throws InputException where its port cannot be had
    static void listen(Server server) {
        try {
            server.start().join();
        } catch (CompletionException fault) {
            if (fault.getCause() instanceof IOException problem) {
                throw new InputException(
                        "%s: cannot be listened at: %s"
                                .formatted(server.config().ports().getFirst().localAddress(), problem.getMessage()),
                        fault);
            }
            throw fault;
        }
    }

    /// An exception would end the watch without a word.
    private void lookAgain() {
        try {
            refresh();
        } catch (RuntimeException fault) {
            LOG.error("what changed on disk was not taken up", fault);
        }
    }

    private void drain(boolean wanted) {
        draining = wanted;
        health.setHealthy(isReady());
    }

    private synchronized void refresh() {
        models.refresh();
        metrics.show(models);
        health.setHealthy(isReady());
    }

    private void afterwards(Answered answered) {
        if (log != null) {
            log.offer(answered);
        }
        shadow.offer(answered);
    }

    private Server server(ServerOptions options, int itemLimit, String version) {
        Duration longest = options.deadline().multipliedBy(2); // with the way of the body
        ServerBuilder builder = Listening.at(options)
                .errorHandler(new JsonErrors())
                .accessLogWriter(new AccessLog(), false)
                .decorator(ids)
                .maxNumConnections(options.admission().connectionLimit())
                .maxRequestLength(options.bodyLimit())
                .requestTimeout(longest)
                .decorator(new Deadlines(longest))
                .decorator(new EarlyAnswers())
                .gracefulShutdownTimeout(QUIET, options.drain());
        post(builder, RANK, new RankCall(itemLimit));
        get(builder, "/v1/models", _ -> Answers.json(ModelPages.list(models)));
        get(builder, "/metrics", _ -> metrics());
        get(builder, "/v2", _ -> Answers.json(ModelPages.server(version)));
        get(builder, "/v2/health/live", _ -> Answers.json(flag("live")));
        get(builder, "/v2/health/ready", _ -> ready());
        for (String path : List.of("/v2/models/{name}", "/v2/models/{name}/versions/{version}")) {
            get(builder, path, this::metadata);
            get(builder, path + "/ready", context -> ofVersion(context, _ -> Answers.json(flag("ready"))));
            post(builder, path + "/infer", new InferCall(itemLimit));
        }
        console.serve(builder);
        GrpcInference inference = new GrpcInference(models, metrics, this::isReady, itemLimit, version);
        GrpcRank rank = new GrpcRank(metrics, itemLimit);
        return builder.service(GrpcServices.of(inference, rank, compute, shares, health, options.bodyLimit()))
                .build();
    }

    private void post(ServerBuilder builder, String path, ModelCall call) {
        HttpService service = new ModelService(compute, metrics, call).decorate(shares);
        builder.route().path(path).methods(HttpMethod.POST).build(service);
    }

    private static void get(
            ServerBuilder builder, String path, Function<ServiceRequestContext, AggregatedHttpResponse> page) {
        builder.route()
                .path(path)
                .methods(HttpMethod.GET, HttpMethod.HEAD)
                .build((context, _) -> page.apply(context).toHttpResponse());
    }

    private AggregatedHttpResponse metrics() {
        return AggregatedHttpResponse.of(HttpStatus.OK, MediaType.PLAIN_TEXT_UTF_8, HttpData.ofUtf8(metrics.text()));
    }

    private boolean isReady() {
        return !draining && !models.all().isEmpty();
    }

    private AggregatedHttpResponse ready() {
        return isReady()
                ? Answers.json(flag("ready"))
                : Answers.busy(draining ? "the server is draining" : "no model is served");
    }

    private AggregatedHttpResponse metadata(ServiceRequestContext context) {
        return ofVersion(
                context, version -> Answers.json(ModelPages.metadata(version, models.versions(version.model()))));
    }

    private AggregatedHttpResponse ofVersion(
            ServiceRequestContext context, Function<Models.Version, AggregatedHttpResponse> page) {
        Optional<Models.Version> found = models.find(context.pathParam("name"), context.pathParam("version"), null);
        return found.map(page)
                .orElseGet(() -> Answers.error(
                        HttpStatus.NOT_FOUND, "no model '%s' is served".formatted(context.pathParam("name"))));
    }

    private static JsonNode flag(String name) {
        return RankBody.JSON.createObjectNode().put(name, true);
    }
}
