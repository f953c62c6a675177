package io.github.corymb.serving.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.encoding.EncodingService;
import io.github.corymb.serving.RankerClosedException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What people see of a server in a browser, and what its page asks: `/`, `/console/`, `/v1/status`, and the schema of
/// each version. It keeps a quarter of an hour in steps of five seconds and a day in steps of five minutes.
final class Console implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Console.class);
    private static final Duration STEP = Duration.ofSeconds(5);
    private static final String STANDARD = "15m";

    private final Models models;
    private final String version;
    private final InstantSource clock;
    private final Instant start;
    private final Traffic traffic;
    private final Map<String, Timeline> timelines =
            Map.of(STANDARD, new Timeline(STEP, 180), "24h", new Timeline(Duration.ofMinutes(5), 288));
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("console").factory());

    /// @param version of Corymb, as it is told
    Console(Models models, String version, InstantSource clock) {
        this.models = models;
        this.version = version;
        this.clock = clock;
        start = clock.instant();
        traffic = new Traffic(start);
        long period = STEP.toMillis();
        var _ = ticks.scheduleAtFixedRate(this::tickOrLog, period, period, TimeUnit.MILLISECONDS);
    }

    /// What is to be told of each request.
    Traffic traffic() {
        return traffic;
    }

    void serve(ServerBuilder server) {
        ConsoleFiles.serve(server);
        server.route()
                .get("/v1/status")
                .decorator(EncodingService.newDecorator())
                .build((context, _) -> status(context).toHttpResponse());
        for (String path : new String[] {"/v1/models/{name}/schema", "/v1/models/{name}/versions/{version}/schema"}) {
            server.route().get(path).build((context, _) -> schema(context).toHttpResponse());
        }
    }

    /// Ends an interval now.
    void tick() {
        var interval = traffic.take(clock.instant(), models.all());
        timelines.values().forEach(timeline -> timeline.add(interval));
    }

    @Override
    public void close() {
        ticks.shutdownNow();
    }

    /// An exception would end the ticks without a word.
    private void tickOrLog() {
        try {
            tick();
        } catch (RuntimeException fault) {
            LOG.error("what the server did was not noted", fault);
        }
    }

    private AggregatedHttpResponse status(ServiceRequestContext context) {
        String window = context.queryParams().get("window", STANDARD);
        return timelines.containsKey(window)
                ? Answers.json(status(window))
                : Answers.error(HttpStatus.BAD_REQUEST, "window: expected 15m or 24h, found '%s'".formatted(window));
    }

    /// @param window `15m` or `24h`
    ObjectNode status(String window) {
        ObjectNode page = StatusPage.write(timelines.get(window), models, traffic);
        return page.put("corymb", version)
                .put("now", clock.instant().toString())
                .put("started", start.toString())
                .put("window", window);
    }

    private AggregatedHttpResponse schema(ServiceRequestContext context) {
        String name = context.pathParam("name");
        Optional<Models.Version> found = models.find(name, context.pathParam("version"), null);
        try {
            return found.map(of -> Answers.json(SchemaPage.write(of, of.ranker().description())))
                    .orElseGet(() -> Answers.error(
                            HttpStatus.NOT_FOUND, "no such version of a model '%s' is served".formatted(name)));
        } catch (RankerClosedException closed) {
            return Answers.busy("this version was just taken away");
        }
    }
}
