package io.github.corymb.serving.server;

import io.github.corymb.feature.InputException;
import io.github.corymb.serving.BundleFaultException;
import io.github.corymb.serving.RankerClosedException;
import io.github.corymb.serving.Ranking;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets the version with the label [Models#SHADOW] score a share of what another version of the model has answered,
/// and shows how far they are apart:
///
///     corymb_shadow_difference   a request's mean over its items of |p - q|, by task
///     corymb_shadow_overlap      the share of its best items, at most 10, that both have
///     corymb_shadow_dropped      requests that were not scored: `load`, or `failed`
///
/// One thread scores, and only while a thread of the server is free and nothing waits; it has a queue of
/// [#QUEUE_LIMIT] requests, and what finds it full, or the server busy for a second, is dropped. Nobody waits for it.
///
/// Any number of threads offer. Whoever opened it closes it.
final class Shadow implements AutoCloseable {

    static final int QUEUE_LIMIT = 8;
    private static final Logger LOG = LoggerFactory.getLogger(Shadow.class);
    private static final int TOP_COUNT = 10;
    private static final int PATIENCE_MILLIS = 1_000;

    private final Models models;
    private final BooleanSupplier spare;
    private final MeterRegistry registry;
    private final Sample sample;
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE_LIMIT),
            Thread.ofPlatform().daemon().name("shadow").factory());

    /// @param spare whether a thread that answers is free and nothing waits
    /// @param share of the requests that are scored, 0 to 1
    Shadow(Models models, BooleanSupplier spare, MeterRegistry registry, double share) {
        this.models = models;
        this.spare = spare;
        this.registry = registry;
        sample = new Sample(share);
    }

    /// Scores the request later, if its model has a shadow, it is one of the share, and there is room.
    void offer(Answered answered) {
        models.find(answered.version().model(), null, Models.SHADOW)
                .filter(shadow -> !shadow.equals(answered.version()) && sample.next())
                .ifPresent(shadow -> {
                    try {
                        thread.execute(() -> score(answered, shadow));
                    } catch (RejectedExecutionException full) {
                        drop("load");
                    }
                });
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void score(Answered answered, Models.Version shadow) {
        try {
            if (!awaitSpareCapacity()) {
                drop("load");
                return;
            }
            Ranking other = answered.context() == answered.items()
                    ? shadow.ranker()
                            .score(answered.items(), answered.question().explaining(0))
                    : shadow.ranker()
                            .rank(
                                    answered.context(),
                                    answered.items(),
                                    answered.question().explaining(0));
            compare(answered, shadow, other);
        } catch (InputException | BundleFaultException | RankerClosedException fault) {
            LOG.debug("request {}: shadow version {}", answered.request(), shadow.version(), fault);
            drop("failed");
        } catch (RuntimeException fault) {
            LOG.error("request {}: shadow version {}", answered.request(), shadow.version(), fault);
            drop("failed");
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean awaitSpareCapacity() throws InterruptedException {
        for (int millis = 0; millis < PATIENCE_MILLIS; millis++) {
            if (spare.getAsBoolean()) {
                return true;
            }
            Thread.sleep(1);
        }
        return false;
    }

    private void compare(Answered answered, Models.Version shadow, Ranking other) {
        Tags tags =
                Tags.of("model", shadow.model(), "version", answered.version().version(), "shadow", shadow.version());
        for (Ranking.TaskScores task : answered.ranking().tasks()) {
            float[] values = other.task(task.task());
            if (values.length == task.values().length && values.length > 0) {
                DistributionSummary.builder("corymb.shadow.difference")
                        .description("mean over a request's items of the absolute difference of predictions")
                        .tags(tags.and("task", task.task()))
                        .register(registry)
                        .record(meanDifference(task.values(), values));
            }
        }
        int count = Math.min(TOP_COUNT, answered.ranking().order().length);
        if (count > 0 && other.order().length >= count) {
            DistributionSummary.builder("corymb.shadow.overlap")
                    .description("share of a request's best items, at most 10, that both versions have")
                    .tags(tags)
                    .register(registry)
                    .record(overlap(answered.ranking().order(), other.order(), count));
        }
    }

    /// (1 / n) Σ |p_i - q_i|
    static double meanDifference(float[] p, float[] q) {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            sum += Math.abs((double) p[i] - q[i]);
        }
        return sum / p.length;
    }

    /// The share of the first `count` of one order that are among the first `count` of the other.
    static double overlap(int[] one, int[] other, int count) {
        Set<Integer> best = Arrays.stream(one, 0, count).boxed().collect(Collectors.toSet());
        return (double) Arrays.stream(other, 0, count).filter(best::contains).count() / count;
    }

    private void drop(String reason) {
        registry.counter("corymb.shadow.dropped", "reason", reason).increment();
    }
}
