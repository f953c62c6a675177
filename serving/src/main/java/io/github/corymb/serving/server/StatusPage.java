package io.github.corymb.serving.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.corymb.feature.FittedTask;
import io.github.corymb.serving.BundleDescription;
import io.github.corymb.serving.RankerClosedException;
import io.github.corymb.serving.server.Interval.Mean;
import io.github.corymb.serving.server.Interval.OfVersion;
import io.github.corymb.serving.server.Interval.Outcome;
import io.github.corymb.serving.server.Interval.VersionName;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// `GET /v1/status`: what a server did of late, a list a number with a place a point of time; null where there is none.
final class StatusPage {

    private static final double ROUNDING = 1e6; // parts of one that a number is told to
    private static final Mean NO_MEAN = new Mean(0, 0);
    private static final OfVersion NOTHING = new OfVersion(0, 0, 0, 0, 0, 0, Map.of());

    private StatusPage() {}

    static ObjectNode write(Timeline timeline, Models models, Traffic traffic) {
        List<Timeline.Point> points = timeline.points();
        ObjectNode page = RankBody.JSON.createObjectNode();
        page.put("step_seconds", timeline.step().toSeconds());
        ArrayNode ends = page.putArray("end_millis");
        points.forEach(point -> ends.add(point.end().toEpochMilli()));
        numbers(page, "seconds", points, Timeline.Point::seconds);
        for (Outcome outcome : Outcome.values()) {
            String name = outcome.name().toLowerCase(Locale.ROOT);
            numbers(page, name, points, point -> point.requests().get(outcome));
        }
        numbers(page, "p50_millis", points, Timeline.Point::p50Millis);
        numbers(page, "p99_millis", points, Timeline.Point::p99Millis);
        numbers(page, "max_millis", points, Timeline.Point::maximumMillis);
        ArrayNode versions = page.putArray("versions");
        for (Models.Version version : models.all()) {
            describe(version).ifPresent(bundle -> versions.add(version(version, bundle, points, models, traffic)));
        }
        models.refusals().forEach(page.putArray("refused")::add);
        return page;
    }

    /// Empty where the version was taken away just now.
    private static Optional<BundleDescription> describe(Models.Version version) {
        try {
            return Optional.of(version.ranker().description());
        } catch (RankerClosedException closed) {
            return Optional.empty();
        }
    }

    private static ObjectNode version(
            Models.Version version,
            BundleDescription bundle,
            List<Timeline.Point> points,
            Models models,
            Traffic traffic) {
        VersionName name = new VersionName(version.model(), version.version());
        ObjectNode entry = RankBody.JSON.createObjectNode();
        entry.put("model", version.model())
                .put("version", version.version())
                .put("bundle", bundle.identity().digest())
                .put("created", bundle.identity().created().toString());
        ArrayNode labels = entry.putArray("labels");
        models.labels(version.model()).forEach((label, of) -> {
            if (of.equals(version.version())) {
                labels.add(label);
            }
        });
        numbers(entry, "requests", points, point -> of(point, name).requestCount());
        numbers(entry, "items", points, point -> of(point, name).itemCount());
        numbers(entry, "ranked_requests", points, point -> of(point, name).rankedRequestCount());
        numbers(entry, "ranked_items", points, point -> of(point, name).rankedItemCount());
        numbers(entry, "unknown_keys", points, point -> of(point, name).unknownKeyCount());
        numbers(entry, "missing_columns", points, point -> of(point, name).missingColumnCount());
        Map<String, Mean> first = traffic.first(version);
        ArrayNode tasks = entry.putArray("tasks");
        for (FittedTask task : bundle.tasks()) {
            ObjectNode of = tasks.addObject()
                    .put("name", task.name())
                    .put("type", task.task().type());
            if (task.width() == 1) {
                of.put("training_mean", task.labelMean());
                if (first.containsKey(task.name())) {
                    of.put("first_mean", first.get(task.name()).value());
                }
                numbers(
                        of,
                        "mean",
                        points,
                        point -> of(point, name)
                                .predictions()
                                .getOrDefault(task.name(), NO_MEAN)
                                .value());
            }
        }
        return entry;
    }

    private static OfVersion of(Timeline.Point point, VersionName name) {
        return point.versions().getOrDefault(name, NOTHING);
    }

    private static void numbers(
            ObjectNode page, String name, List<Timeline.Point> points, ToDoubleFunction<Timeline.Point> number) {
        ArrayNode list = page.putArray(name);
        for (Timeline.Point point : points) {
            double value = number.applyAsDouble(point);
            if (Double.isFinite(value)) {
                double rounded = Math.round(value * ROUNDING) / ROUNDING;
                if (rounded == (long) rounded) {
                    list.add((long) rounded);
                } else {
                    list.add(rounded);
                }
            } else {
                list.addNull();
            }
        }
    }
}
