package io.github.corymb.cli;

import io.github.corymb.train.RunMetrics;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// What a run came to, as a table for people: a row per task and split, a column per metric.
final class RunTable {

    private static final List<String> SPLITS = List.of("validation", "test");

    private RunTable() {}

    static String text(RunMetrics metrics) {
        Set<String> names = new LinkedHashSet<>();
        metrics.tasks()
                .keySet()
                .forEach(task -> SPLITS.forEach(
                        split -> names.addAll(metrics.metrics(task, split).keySet())));
        TextTable table = new TextTable(
                Stream.concat(Stream.of("task", "split"), names.stream()).toList());
        metrics.tasks()
                .forEach((name, task) -> SPLITS.stream()
                        .filter(task::containsKey)
                        .forEach(split -> table.row(Stream.concat(
                                        Stream.of(name, split),
                                        names.stream().map(metric -> cell(metrics.metrics(name, split), metric)))
                                .toList())));
        return "\n%s, seed %d, best epoch %d: %s training rows, %s rows/s, data %.1f s, training %.1f s%n%n%s"
                .formatted(
                        metrics.name(),
                        metrics.seed(),
                        metrics.bestEpoch(),
                        Numbers.count(metrics.rows().get("train")),
                        Numbers.count(Math.round(metrics.examplesPerSecond())),
                        metrics.seconds().data(),
                        metrics.seconds().train(),
                        table.text());
    }

    /// An empty cell for a metric of another kind of task, `n/a` for one that the rows do not define.
    private static String cell(Map<String, Double> values, String metric) {
        return values.containsKey(metric) ? Numbers.metric(values.get(metric)) : "";
    }
}
