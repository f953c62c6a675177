package io.github.corymb.cli;

import io.github.corymb.ExperimentWriter;
import io.github.corymb.bundle.GraphSignature;
import io.github.corymb.embedding.FrozenTable;
import io.github.corymb.embedding.FrozenTables;
import io.github.corymb.embedding.LoadFigures;
import io.github.corymb.export.GraphFigures;
import io.github.corymb.feature.FittedTask;
import io.github.corymb.train.ExportSummary;
import io.github.corymb.train.TrainedModel;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `corymb inspect`: what is in a trained model.
@Command(
        name = "inspect",
        description = "Shows what is in a trained model: features, tasks, parameters, tables, an export's graph.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  corymb inspect runs/movielens-mmoe --parameters")
final class InspectCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN", description = "A run's folder, or a bundle.")
    private Path run;

    @Option(names = "--parameters", description = "Lists every dense parameter with its shape.")
    private boolean parameters;

    @Override
    public Integer call() {
        try (TrainedModel model = TrainedModel.open(run)) {
            PrintWriter out = spec.commandLine().getOut();
            out.printf(
                    "%s, seed %d; written %s by Corymb %s%n",
                    model.experiment().name(),
                    model.experiment().seed(),
                    model.manifest().created(),
                    model.manifest().corymb());
            out.println(ExperimentWriter.summary(model.experiment().model()));
            out.println();
            out.println(FeatureTable.of(model.schema()).text());
            out.println(tasks(model).text());
            out.println(tables(model).text());
            out.printf("dense parameters: %,d%n", model.parameterCount());
            model.exported().ifPresent(exported -> print(exported, out));
            if (parameters) {
                TextTable shapes = new TextTable("parameter", "shape");
                model.parameterShapes().forEach((name, shape) -> shapes.row(name, Arrays.toString(shape)));
                out.println();
                out.print(shapes.text());
            }
            out.flush();
        }
        return Main.OK;
    }

    private static void print(ExportSummary exported, PrintWriter out) {
        GraphFigures graph = exported.graph();
        out.printf(
                "%ngraph.onnx: %,d nodes, %,d parameters, %s, hidden layers in %s%n%n",
                graph.nodeCount(),
                graph.parameterCount(),
                Numbers.size(graph.size()),
                graph.isQuantized() ? "int8" : "float32");
        TextTable values = new TextTable("graph", "name", "side", "table", "width");
        for (GraphSignature.Input input : exported.serving().graph().inputs()) {
            values.row(
                    "input",
                    input.name(),
                    input.side().name().toLowerCase(Locale.ROOT),
                    input.table() == null ? "" : input.table(),
                    Numbers.count(input.width()));
        }
        for (GraphSignature.Output output : exported.serving().graph().outputs()) {
            values.row("output", output.name(), "", "", Numbers.count(output.width()));
        }
        out.print(values.text());
        TextTable fusions = new TextTable("fusion", "type", "weights");
        exported.serving()
                .fusions()
                .forEach((name, fusion) ->
                        fusions.row(name, fusion.type(), fusion.weights().toString()));
        if (!exported.serving().fusions().isEmpty()) {
            out.printf("%n%s", fusions.text());
        }
    }

    private static TextTable tasks(TrainedModel model) {
        TextTable table = new TextTable("task", "type", "label", "where", "weight", "mean label", "outputs");
        for (FittedTask task : model.tasks()) {
            table.row(
                    task.name(),
                    task.task().type(),
                    task.task().label(),
                    task.task().where() == null ? "" : task.task().where(),
                    task.task().weight().toString(),
                    task.classes().isEmpty() ? Numbers.metric(task.labelMean()) : "",
                    task.classes().isEmpty() ? "1" : task.classes().size() + " classes");
        }
        return table;
    }

    /// Bytes are those of the file, which holds no optimizer state; probes are cache lines read to find a key.
    private static TextTable tables(TrainedModel model) {
        TextTable table = new TextTable(
                "table",
                "rows",
                "dimension",
                "storage",
                "hashing",
                "admitted",
                "evicted",
                "load",
                "probes",
                "most probes",
                "size",
                "a row");
        for (FrozenTables set : model.tables()) {
            for (FrozenTable each : set.tables()) {
                LoadFigures load = each.loadFigures();
                table.row(
                        each.name(),
                        Numbers.count(each.rowCount()),
                        String.valueOf(each.dimension()),
                        each.storage().toString(),
                        each.hashing(),
                        Numbers.percent(each.tally().admittedShare()),
                        Numbers.count(each.tally().evictedCount()),
                        Numbers.percent(load.load()),
                        Numbers.metric(load.meanProbeCount()),
                        Numbers.count(load.maxProbeCount()),
                        Numbers.size(each.size()),
                        each.rowCount() == 0 ? "" : Numbers.count(each.size() / each.rowCount()) + " B");
            }
        }
        return table;
    }
}
