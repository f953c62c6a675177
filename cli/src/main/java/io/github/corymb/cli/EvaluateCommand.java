package io.github.corymb.cli;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.corymb.bundle.AtomicFiles;
import io.github.corymb.data.Dataset;
import io.github.corymb.data.Split;
import io.github.corymb.data.TextColumn;
import io.github.corymb.metric.GroupedAuc;
import io.github.corymb.metric.Scored;
import io.github.corymb.metric.TaskKind;
import io.github.corymb.train.Evaluation;
import io.github.corymb.train.Experiments;
import io.github.corymb.train.TrainedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `corymb evaluate`: the metrics of a trained model on its test rows, or on other data.
@Command(
        name = "evaluate",
        description = "Computes all metrics of a trained model, on the test rows of its experiment or on other data.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  corymb evaluate runs/movielens-mmoe",
            "  corymb evaluate runs/movielens-mmoe --by genre --out by-genre.json",
            "  corymb evaluate runs/movielens-mmoe --source new-ratings.parquet"
        })
final class EvaluateCommand implements Callable<Integer> {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final String ALL = "all";

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN", description = "A run's folder, or a bundle.")
    private Path run;

    @Option(names = "--source", paramLabel = "SQL|FILE", description = "Other data, all rows of it, with labels.")
    private String source;

    @Option(names = "--split", description = "Rows of the experiment's data: ${COMPLETION-CANDIDATES} (default: test).")
    private Split split;

    @Option(names = "--by", paramLabel = "COLUMN", description = "Also for each value of a column of the source.")
    private String by;

    @Option(names = "--out", paramLabel = "FILE.json", description = "Writes the metrics there, too.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        List<String> extra = by == null ? List.of() : List.of(by);
        try (TrainedModel model = TrainedModel.open(run);
                Dataset dataset = Experiments.open(model, source, extra)) {
            Split rows = source != null ? Split.TEST : split == null ? Split.TEST : split;
            Evaluation evaluation = model.evaluate(dataset, rows);
            Map<String, Map<String, Map<String, Double>>> results = new LinkedHashMap<>(); // task → slice → metric
            for (Evaluation.TaskScores scores : evaluation.tasks()) {
                results.put(scores.task().name(), slices(scores, dataset, rows));
            }
            print(evaluation, results, model.unknownCount());
            if (out != null) {
                AtomicFiles.write(out, JSON.writeValueAsString(results) + "\n");
            }
        }
        return Main.OK;
    }

    private Map<String, Map<String, Double>> slices(Evaluation.TaskScores scores, Dataset dataset, Split rows) {
        Map<String, Map<String, Double>> slices = new LinkedHashMap<>();
        slices.put(ALL, withRows(scores, scores.scored()));
        if (by != null) {
            TextColumn column = dataset.textColumn(by, rows);
            Map<String, Integer> codes = new TreeMap<>(); // in alphabetical order
            for (int code = 0; code < column.values().size(); code++) {
                codes.put(column.values().get(code), code);
            }
            codes.forEach((value, code) -> slices.put(value, withRows(scores, scores.where(column.codes(), code))));
        }
        return slices;
    }

    private static Map<String, Double> withRows(Evaluation.TaskScores scores, Scored scored) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("rows", (double) scored.rowCount());
        values.putAll(Evaluation.metrics(scores.task(), scored));
        return values;
    }

    private void print(
            Evaluation evaluation, Map<String, Map<String, Map<String, Double>>> results, long unknownCount) {
        PrintWriter to = spec.commandLine().getOut();
        for (Evaluation.TaskScores scores : evaluation.tasks()) {
            Map<String, Map<String, Double>> slices = results.get(scores.task().name());
            List<String> metrics = List.copyOf(slices.get(ALL).keySet());
            TextTable table =
                    new TextTable(Stream.concat(Stream.of(scores.task().name()), metrics.stream())
                            .toList());
            slices.forEach((value, values) -> table.row(Stream.concat(
                            Stream.of(value),
                            metrics.stream()
                                    .map(name -> name.equals("rows")
                                            ? Numbers.count(values.get(name).longValue())
                                            : Numbers.metric(values.get(name))))
                    .toList()));
            to.println(table.text());
            if (scores.scored().kind() == TaskKind.BINARY) {
                GroupedAuc.Result grouped = new GroupedAuc().result(scores.scored());
                if (grouped.usedUserCount() + grouped.skippedUserCount() > 0) {
                    to.printf(
                            "gauc: users weighted by their rows; %,d of %,d users have one class only and are skipped"
                                    + " (%.1f %%)%n%n",
                            grouped.skippedUserCount(),
                            grouped.usedUserCount() + grouped.skippedUserCount(),
                            100 * grouped.skippedUserShare());
                }
            }
        }
        to.printf("lookups of ids that training never saw: %,d%n", unknownCount);
        to.flush();
    }
}
