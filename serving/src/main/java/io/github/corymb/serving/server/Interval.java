package io.github.corymb.serving.server;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// What a server did in a stretch of time. Immutable.
///
/// @param micros how long requests took, all but those that were shed
/// @param requests by how they ended; one that is lacking is 0
record Interval(
        Instant end,
        Duration length,
        Histogram micros,
        Map<Outcome, Long> requests,
        Map<VersionName, OfVersion> versions) {

    enum Outcome {
        ANSWERED,
        MISTAKEN,
        SHED,
        FAILED;

        static Outcome of(int status) {
            return switch (status) {
                case 429, 503 -> SHED;
                default -> status < 400 ? ANSWERED : status < 500 ? MISTAKEN : FAILED;
            };
        }
    }

    record VersionName(String model, String version) {}

    /// @param requestCount answered
    /// @param rankedRequestCount of which keys and columns are counted: with those that it ranked as a shadow
    /// @param predictions a task's, over all items
    record OfVersion(
            long requestCount,
            long itemCount,
            long rankedRequestCount,
            long rankedItemCount,
            long unknownKeyCount,
            long missingColumnCount,
            Map<String, Mean> predictions) {

        OfVersion plus(OfVersion other) {
            Map<String, Mean> sums = new HashMap<>(predictions);
            other.predictions.forEach((task, mean) -> sums.merge(task, mean, Mean::plus));
            return new OfVersion(
                    requestCount + other.requestCount,
                    itemCount + other.itemCount,
                    rankedRequestCount + other.rankedRequestCount,
                    rankedItemCount + other.rankedItemCount,
                    unknownKeyCount + other.unknownKeyCount,
                    missingColumnCount + other.missingColumnCount,
                    sums);
        }
    }

    record Mean(double sum, long count) {

        Mean plus(Mean other) {
            return new Mean(sum + other.sum, count + other.count);
        }

        /// NaN of nothing.
        double value() {
            return sum / count;
        }
    }

    long count(Outcome outcome) {
        return requests.getOrDefault(outcome, 0L);
    }

    /// Both as one, where the other follows.
    Interval plus(Interval later) {
        Histogram all = micros.copy();
        all.add(later.micros);
        Map<Outcome, Long> sums = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            sums.put(outcome, count(outcome) + later.count(outcome));
        }
        Map<VersionName, OfVersion> both = new HashMap<>(versions);
        later.versions.forEach((name, of) -> both.merge(name, of, OfVersion::plus));
        return new Interval(later.end, length.plus(later.length), all, sums, both);
    }
}
