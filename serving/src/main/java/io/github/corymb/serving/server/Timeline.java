package io.github.corymb.serving.server;

import io.github.corymb.serving.server.Interval.OfVersion;
import io.github.corymb.serving.server.Interval.Outcome;
import io.github.corymb.serving.server.Interval.VersionName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/// The last so many points of what a server did, each of one step of time. One thread adds, any number read.
final class Timeline {

    /// @param p50Millis NaN where nothing was answered, as are the next two
    record Point(
            Instant end,
            double seconds,
            Map<Outcome, Long> requests,
            double p50Millis,
            double p99Millis,
            double maximumMillis,
            Map<VersionName, OfVersion> versions) {

        static Point of(Interval interval) {
            return new Point(
                    interval.end(),
                    interval.length().toNanos() / 1e9,
                    interval.requests(),
                    millis(interval, 50),
                    millis(interval, 99),
                    millis(interval, 100),
                    interval.versions());
        }

        private static double millis(Interval interval, double percentile) {
            return interval.micros().getTotalCount() == 0
                    ? Double.NaN
                    : interval.micros().getValueAtPercentile(percentile) / 1e3;
        }
    }

    private static final Duration SLACK = Duration.ofSeconds(1); // intervals are not exactly as long as planned

    private final Duration step;
    private final int limit;
    private final Deque<Point> points = new ArrayDeque<>();
    private Interval begun; // shorter than a step; null where there is none

    /// @param limit of points
    Timeline(Duration step, int limit) {
        this.step = step;
        this.limit = limit;
    }

    Duration step() {
        return step;
    }

    synchronized void add(Interval next) {
        begun = begun == null ? next : begun.plus(next);
        if (begun.length().compareTo(step.minus(SLACK)) >= 0) {
            points.addLast(Point.of(begun));
            begun = null;
            if (points.size() > limit) {
                points.removeFirst();
            }
        }
    }

    /// The oldest first; the last one may be of less than a step.
    synchronized List<Point> points() {
        List<Point> all = new ArrayList<>(points);
        if (begun != null) {
            all.add(Point.of(begun));
        }
        return all;
    }
}
