package io.github.corymb.cli;

import io.github.corymb.Experiment;
import io.github.corymb.ExperimentReader;
import io.github.corymb.data.Dataset;
import io.github.corymb.data.LabelCount;
import io.github.corymb.data.Split;
import io.github.corymb.feature.FittedTask;
import io.github.corymb.feature.Task;
import io.github.corymb.train.Experiments;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `corymb validate`: everything that training would check, and no training.
@Command(
        name = "validate",
        description = "Checks an experiment file and its data: keys, columns, types, labels, leaks and splits.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  corymb validate examples/movielens/mmoe.yaml")
final class ValidateCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "EXPERIMENT.yaml", description = "The experiment file.")
    private Path file;

    @Option(names = "--set", paramLabel = "path=value", description = "Overrides a key, as in train.")
    private List<String> settings = new ArrayList<>();

    @Override
    public Integer call() {
        Experiment experiment = ExperimentReader.read(file, settings);
        PrintWriter out = spec.commandLine().getOut();
        try (Dataset dataset = Experiments.load(experiment)) {
            out.println(experiment.name() + ": " + dataset.summary());
            out.println();
            out.print(FeatureTable.of(dataset.schema()).text());
            out.println();
            out.print(labels(dataset).text());
            dataset.warnings().forEach(warning -> out.println("\nwarning: " + warning));
            out.println("\n" + file + " is valid");
        }
        out.flush();
        return Main.OK;
    }

    private static TextTable labels(Dataset dataset) {
        TextTable table = new TextTable("task", "type", "split", "labelled rows", "positive");
        for (int k = 0; k < dataset.tasks().size(); k++) {
            FittedTask task = dataset.tasks().get(k);
            for (Split split : Split.values()) {
                LabelCount count = dataset.labelCount(k, split);
                boolean binary = task.task() instanceof Task.Binary;
                table.row(
                        task.name(),
                        task.task().type(),
                        split.word(),
                        Numbers.count(count.labelled()),
                        binary && count.labelled() > 0
                                ? "%.2f %%".formatted(100.0 * count.positive() / count.labelled())
                                : "");
            }
        }
        return table;
    }
}
