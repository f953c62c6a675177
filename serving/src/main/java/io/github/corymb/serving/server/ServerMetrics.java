package io.github.corymb.serving.server;

import com.linecorp.armeria.server.Server;
import io.github.corymb.serving.Ranker;
import io.github.corymb.serving.RankerCounts;
import io.github.corymb.serving.Ranking;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// What Prometheus reads at `/metrics`. Any number of threads.
final class ServerMetrics implements AutoCloseable {

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(5), Duration.ofMillis(10),
        Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(500)
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<Models.Version, List<Meter>> shown = new HashMap<>();
    private final DistributionSummary runs = DistributionSummary.builder("corymb.run.requests")
            .description("that one run of the graph answered; sum over count is their mean")
            .register(registry);
    private final InstantSource clock;
    private final Traffic traffic;

    /// @param traffic counts the same for the console
    ServerMetrics(InstantSource clock, Traffic traffic) {
        this.clock = clock;
        this.traffic = traffic;
    }

    void watch(ThreadPoolExecutor compute) {
        Gauge.builder("corymb.queue.length", compute, pool -> pool.getQueue().size())
                .register(registry);
    }

    void watch(Server server) {
        Gauge.builder("corymb.connections", server, Server::numConnections)
                .description("that are open")
                .register(registry);
    }

    /// Shows the versions that are served, and forgets all that is told of those that are not any more, also what their
    /// last requests told since. One thread at a time.
    void show(Models models) {
        List<Models.Version> served = models.all();
        shown.keySet().stream()
                .filter(version -> !served.contains(version))
                .toList()
                .forEach(gone -> shown.remove(gone).forEach(registry::remove));
        served.forEach(version -> shown.computeIfAbsent(version, this::meters));
        Set<Tags> names = served.stream().map(ServerMetrics::tags).collect(Collectors.toSet());
        registry.getMeters().stream()
                .filter(meter ->
                        isOfAnother("version", meter.getId(), names) || isOfAnother("shadow", meter.getId(), names))
                .forEach(registry::remove);
    }

    /// Whether a tag names a version that is none of these.
    private static boolean isOfAnother(String tag, Meter.Id meter, Set<Tags> names) {
        String version = meter.getTag(tag);
        return version != null && !names.contains(tags(meter.getTag("model"), version));
    }

    private List<Meter> meters(Models.Version version) {
        Ranker ranker = version.ranker();
        return List.of(
                Gauge.builder("corymb.model.age.seconds", ranker, this::ageSeconds)
                        .description("since the bundle was written")
                        .tags(tags(version))
                        .register(registry),
                ranked(
                        version,
                        "unknown.keys",
                        "lookups of keys that no table has a row for",
                        RankerCounts::unknownKeyCount),
                ranked(
                        version,
                        "missing.columns",
                        "columns that a feature reads and a request lacked",
                        RankerCounts::missingColumnCount),
                ranked(version, "ranked.requests", "answered or as a shadow", RankerCounts::requestCount),
                ranked(version, "ranked.items", "answered or as a shadow", RankerCounts::itemCount));
    }

    private FunctionCounter ranked(
            Models.Version version, String name, String description, ToDoubleFunction<RankerCounts> count) {
        return FunctionCounter.builder("corymb." + name, version.ranker(), of -> count.applyAsDouble(of.counts()))
                .description(description)
                .tags(tags(version))
                .register(registry);
    }

    private double ageSeconds(Ranker ranker) {
        return Duration.between(ranker.bundle().created(), clock.instant()).toSeconds();
    }

    void answered(Models.Version version, Ranking ranking, long parseNanos) {
        stage("parse", parseNanos);
        stage("encode", ranking.times().encodeNanos());
        stage("graph", ranking.times().graphNanos());
        stage("fuse", ranking.times().fuseNanos());
        if (!ranking.explanations().isEmpty()) {
            stage("explain", ranking.times().explainNanos());
        }
        registry.counter("corymb.items", tags(version)).increment(ranking.itemCount());
        Map<String, Interval.Mean> means = new HashMap<>();
        for (Ranking.TaskScores task : ranking.tasks()) {
            if (task.width() == 1 && ranking.itemCount() > 0) {
                double sum = 0;
                for (float value : task.values()) {
                    sum += value;
                }
                DistributionSummary.builder("corymb.prediction.mean")
                        .description("of a request's items; sum over count is the mean over requests")
                        .tags(tags(version).and("task", task.task()))
                        .register(registry)
                        .record(sum / ranking.itemCount());
                means.put(task.task(), new Interval.Mean(sum, ranking.itemCount()));
            }
        }
        traffic.answered(version, ranking.bundle(), ranking.itemCount(), means);
    }

    /// One run of a graph.
    void ran(int requestCount) {
        runs.record(requestCount);
    }

    void request(int status, long nanos) {
        Timer.builder("corymb.request.seconds")
                .tag("status", Integer.toString(status))
                .serviceLevelObjectives(BUCKETS)
                .register(registry)
                .record(Duration.ofNanos(nanos));
        traffic.request(status, nanos);
    }

    void shed(String reason) {
        registry.counter("corymb.shed", "reason", reason).increment();
    }

    /// Where others put what they count.
    MeterRegistry registry() {
        return registry;
    }

    /// In Prometheus' text format.
    String text() {
        return registry.scrape();
    }

    @Override
    public void close() {
        registry.close();
    }

    private void stage(String stage, long nanos) {
        registry.timer("corymb.stage.seconds", "stage", stage).record(Duration.ofNanos(nanos));
    }

    private static Tags tags(Models.Version version) {
        return tags(version.model(), version.version());
    }

    private static Tags tags(String model, String version) {
        return Tags.of("model", model, "version", version);
    }
}
