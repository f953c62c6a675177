package io.github.corymb.cli;

import io.github.corymb.bundle.AtomicFiles;
import io.github.corymb.feature.InputException;
import io.github.corymb.metric.MeanAndDeviation;
import io.github.corymb.train.RunMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Test results of several runs side by side: a row per experiment, its main metric per task as mean ± standard
/// deviation over the seeds.
final class ResultTable {

    private final Map<String, List<RunMetrics>> runs = new LinkedHashMap<>(); // by experiment

    void add(RunMetrics metrics) {
        runs.computeIfAbsent(metrics.name(), _ -> new ArrayList<>()).add(metrics);
    }

    String text() {
        return "\ntest rows, mean ± standard deviation over seeds\n\n" + table().text();
    }

    /// Writes the table as `results.md` beside the runs' folders.
    void write(Path folder) {
        try {
            AtomicFiles.write(folder.resolve("results.md"), table().markdown());
        } catch (IOException problem) {
            throw new InputException("%s: cannot be written: %s".formatted(folder, problem.getMessage()), problem);
        }
    }

    private TextTable table() {
        Set<String> columns = new LinkedHashSet<>(); // `task metric`
        runs.values().stream()
                .flatMap(List::stream)
                .forEach(run -> run.tasks()
                        .keySet()
                        .forEach(task -> columns.add(
                                task + " " + run.metricsOf(task).getFirst().name())));
        List<String> header = new ArrayList<>(List.of("experiment"));
        header.addAll(columns);
        header.add("seeds");
        header.add("rows/s");
        TextTable table = new TextTable(header);
        runs.forEach((name, ofName) -> {
            List<String> row = new ArrayList<>(List.of(name));
            columns.forEach(column -> row.add(cell(ofName, column)));
            row.add(String.valueOf(ofName.size()));
            row.add(Numbers.count(Math.round(ofName.stream()
                    .mapToDouble(RunMetrics::examplesPerSecond)
                    .average()
                    .orElse(0))));
            table.row(row);
        });
        return table;
    }

    private static String cell(List<RunMetrics> ofName, String column) {
        int space = column.indexOf(' ');
        double[] values = ofName.stream()
                .map(run -> run.value(column.substring(0, space), "test", column.substring(space + 1)))
                .flatMap(Optional::stream)
                .mapToDouble(Double::doubleValue)
                .toArray();
        return values.length == 0 ? Numbers.NOT_AVAILABLE : Numbers.spread(MeanAndDeviation.of(values));
    }
}
