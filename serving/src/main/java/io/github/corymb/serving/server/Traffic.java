package io.github.corymb.serving.server;

import io.github.corymb.serving.BundleIdentity;
import io.github.corymb.serving.RankerCounts;
import io.github.corymb.serving.server.Interval.Mean;
import io.github.corymb.serving.server.Interval.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/// Counts what a server does, until it is taken as an [Interval]. Any number of threads count, one at a time takes.
final class Traffic {

    /// How many items of a bundle make the mean that later ones are compared with.
    private static final long FIRST_ITEM_COUNT = 10_000;

    private static final long MICROS_LIMIT = TimeUnit.MINUTES.toMicros(1); // longer requests count as this long
    private static final int SIGNIFICANT_DIGITS = 2;

    private final Recorder micros = new Recorder(1, MICROS_LIMIT, SIGNIFICANT_DIGITS);
    private final Map<Outcome, LongAdder> requests = new EnumMap<>(Outcome.class);
    private final Map<Models.Version, VersionCounts> versions = new ConcurrentHashMap<>();
    private Instant taken;
    private Histogram used; // lent to the recorder again

    Traffic(Instant start) {
        taken = start;
        for (Outcome outcome : Outcome.values()) {
            requests.put(outcome, new LongAdder());
        }
    }

    void request(int status, long nanos) {
        Outcome outcome = Outcome.of(status);
        requests.get(outcome).increment();
        if (outcome != Outcome.SHED) {
            micros.recordValue(Math.clamp(TimeUnit.NANOSECONDS.toMicros(nanos), 1, MICROS_LIMIT));
        }
    }

    /// @param bundle that answered
    /// @param predictions of a task with a single output, over the items
    void answered(Models.Version version, BundleIdentity bundle, int itemCount, Map<String, Mean> predictions) {
        versions.computeIfAbsent(version, VersionCounts::new).add(bundle, itemCount, predictions);
    }

    /// The means of a version's first predictions, by task; empty before there are any.
    Map<String, Mean> first(Models.Version version) {
        VersionCounts counts = versions.get(version);
        return counts == null ? Map.of() : counts.first();
    }

    /// What was counted since this was last asked.
    ///
    /// @param served each is told of, whether it answered or not; others are forgotten
    Interval take(Instant now, List<Models.Version> served) {
        used = micros.getIntervalHistogram(used);
        Map<Outcome, Long> ended = new EnumMap<>(Outcome.class);
        requests.forEach((outcome, count) -> ended.put(outcome, count.sumThenReset()));
        Map<Interval.VersionName, Interval.OfVersion> each = new HashMap<>();
        versions.keySet().retainAll(served);
        served.forEach(version -> versions.computeIfAbsent(version, VersionCounts::new));
        versions.forEach((version, counts) ->
                each.put(new Interval.VersionName(version.model(), version.version()), counts.take()));
        Interval interval = new Interval(now, Duration.between(taken, now), used.copy(), ended, each);
        taken = now;
        return interval;
    }

    /// What one version does.
    private static final class VersionCounts {

        private final Models.Version version;
        private RankerCounts before;
        private long requestCount;
        private long itemCount;
        private Map<String, Mean> predictions = new HashMap<>();
        private String digest;
        private final Map<String, Mean> first = new HashMap<>();

        VersionCounts(Models.Version version) {
            this.version = version;
            before = new RankerCounts(0, 0, 0, 0, 0, 0);
        }

        synchronized void add(BundleIdentity bundle, int count, Map<String, Mean> means) {
            if (!bundle.digest().equals(digest)) {
                digest = bundle.digest();
                first.clear();
            }
            requestCount++;
            itemCount += count;
            means.forEach((task, mean) -> {
                predictions.merge(task, mean, Mean::plus);
                Mean so = first.get(task);
                if (so == null || so.count() < FIRST_ITEM_COUNT) {
                    first.merge(task, mean, Mean::plus);
                }
            });
        }

        synchronized Map<String, Mean> first() {
            return Map.copyOf(first);
        }

        synchronized Interval.OfVersion take() {
            RankerCounts now = version.ranker().counts();
            Interval.OfVersion taken = new Interval.OfVersion(
                    requestCount,
                    itemCount,
                    now.requestCount() - before.requestCount(),
                    now.itemCount() - before.itemCount(),
                    now.unknownKeyCount() - before.unknownKeyCount(),
                    now.missingColumnCount() - before.missingColumnCount(),
                    predictions);
            before = now;
            requestCount = 0;
            itemCount = 0;
            predictions = new HashMap<>();
            return taken;
        }
    }
}
