package io.github.corymb.cli;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.corymb.bundle.AtomicFiles;
import io.github.corymb.data.Dataset;
import io.github.corymb.data.Split;
import io.github.corymb.feature.InputException;
import io.github.corymb.metric.PairedDifference;
import io.github.corymb.train.Comparison;
import io.github.corymb.train.Evaluation;
import io.github.corymb.train.Experiments;
import io.github.corymb.train.RunFolder;
import io.github.corymb.train.RunMetrics;
import io.github.corymb.train.TrainedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `corymb compare`: paired differences between runs, and which of them are more than chance.
@Command(
        name = "compare",
        description = {
            "Compares runs with the first one, on the same test rows.",
            "Where an experiment was trained with several seeds, compares experiments over the seeds they share."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  corymb compare runs/movielens-single-task runs/movielens-mmoe",
            "  corymb compare runs/movielens/movielens-single-task-* runs/movielens/movielens-mmoe-*"
        })
final class CompareCommand implements Callable<Integer> {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "2..*",
            paramLabel = "RUN",
            description = "Folders of finished runs; the first is the baseline.")
    private List<Path> paths;

    @Option(names = "--seed", description = "Seed of the bootstrap (default: ${DEFAULT-VALUE}).", defaultValue = "2026")
    private long seed;

    @Option(names = "--out", paramLabel = "FILE.json", description = "Writes the differences there, too.")
    private Path out;

    private final List<Map<String, Object>> written = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        List<RunMetrics> runs = paths.stream()
                .map(path -> RunMetrics.read(RunFolder.open(path).metrics()))
                .toList();
        if (Comparison.isOverSeeds(runs)) {
            overSeeds(runs);
        } else {
            overRows(runs);
        }
        spec.commandLine().getOut().println("differences are candidate − baseline with 95 % intervals");
        spec.commandLine().getOut().flush();
        if (out != null) {
            AtomicFiles.write(out, JSON.writeValueAsString(written) + "\n");
        }
        return Main.OK;
    }

    private void overSeeds(List<RunMetrics> runs) {
        Map<String, List<RunMetrics>> byName =
                runs.stream().collect(Collectors.groupingBy(RunMetrics::name, LinkedHashMap::new, Collectors.toList()));
        if (byName.size() < 2) {
            throw new InputException("compare: expected runs of at least 2 experiments, found " + byName.keySet());
        }
        List<String> names = List.copyOf(byName.keySet());
        for (String name : names.subList(1, names.size())) {
            print(names.getFirst(), name, Comparison.ofSeeds(byName.get(names.getFirst()), byName.get(name)));
        }
    }

    private void overRows(List<RunMetrics> runs) {
        Evaluation baseline = evaluate(paths.getFirst());
        for (int i = 1; i < paths.size(); i++) {
            List<Comparison.Row> rows = Comparison.ofRows(baseline, evaluate(paths.get(i)), seed);
            print(runs.getFirst().name(), runs.get(i).name(), rows);
        }
    }

    private static Evaluation evaluate(Path run) {
        try (TrainedModel model = TrainedModel.open(run);
                Dataset dataset = Experiments.open(model, null, List.of())) {
            return model.evaluate(dataset, Split.TEST);
        }
    }

    private void print(String baseline, String candidate, List<Comparison.Row> rows) {
        TextTable table = new TextTable(
                "task", "metric", "baseline", "candidate", "difference", "95 % interval", "p", "", "interval by");
        for (Comparison.Row row : rows) {
            PairedDifference found = row.difference();
            table.row(
                    row.task(),
                    row.metric().name(),
                    Numbers.metric(found.baseline()),
                    Numbers.metric(found.candidate()),
                    Numbers.difference(found.difference()),
                    "[" + Numbers.difference(found.lower()) + ", " + Numbers.difference(found.upper()) + "]",
                    Numbers.metric(found.p()),
                    row.verdict(),
                    row.method());
            written.add(asMap(baseline, candidate, row));
        }
        PrintWriter to = spec.commandLine().getOut();
        to.printf("baseline %s, candidate %s%n%n%s%n", baseline, candidate, table.text());
    }

    private static Map<String, Object> asMap(String baseline, String candidate, Comparison.Row row) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("baseline", baseline);
        map.put("candidate", candidate);
        map.put("task", row.task());
        map.put("metric", row.metric().name());
        map.put("baseline_value", row.difference().baseline());
        map.put("candidate_value", row.difference().candidate());
        map.put("difference", row.difference().difference());
        map.put("lower", row.difference().lower());
        map.put("upper", row.difference().upper());
        map.put("p", row.difference().p());
        map.put("verdict", row.verdict());
        map.put("method", row.method());
        return map;
    }
}
