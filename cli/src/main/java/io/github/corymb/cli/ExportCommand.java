package io.github.corymb.cli;

import io.github.corymb.bundle.Examples;
import io.github.corymb.embedding.Storage;
import io.github.corymb.feature.InputException;
import io.github.corymb.train.ExportOptions;
import io.github.corymb.train.Exporter;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `corymb export`: a bundle for serving, with the dense network as an ONNX graph.
@Command(
        name = "export",
        description =
                "Writes a bundle for serving: the dense network as an ONNX graph, tables, feature encoders, tasks.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  corymb export runs/movielens-mmoe --out bundles/movielens",
            "  corymb export runs/movielens-mmoe --out bundles/small --tables int8 --quantize int8"
        })
final class ExportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN", description = "A run's folder, or a bundle.")
    private Path run;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "A folder to make.")
    private Path out;

    @Option(
            names = "--tables",
            paramLabel = "STORAGE",
            description = "How tables' rows are stored: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). "
                    + "For all but float32 the run's test rows are scored with both, and what it costs is shown.")
    private Storage tables = Storage.FLOAT32;

    /// Of the dense network's hidden layers.
    enum Quantization {
        NONE,
        INT8;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--quantize",
            paramLabel = "BITS",
            description = "How the dense network's hidden layers are computed: ${COMPLETION-CANDIDATES} (default: "
                    + "${DEFAULT-VALUE}). Training rows are read to calibrate it, and what it costs is shown.")
    private Quantization quantize = Quantization.NONE;

    @Option(
            names = "--fusion",
            paramLabel = "NAME=FUSION",
            description = "Adds a score fusion to those of the experiment, such as "
                    + "'default={type: weighted_sum, weights: {like: 1}}'; may be repeated.")
    private List<String> fusions = List.of();

    @Option(
            names = "--all-in-one",
            description = "Also writes all-in-one.onnx, with the tables inside, for engines that know no bundle.")
    private boolean allInOne;

    @Option(
            names = "--no-examples",
            description = "Leaves out examples.json, a few users and items of the data to try the bundle with.")
    private boolean noExamples;

    @Override
    public Integer call() {
        PrintWriter to = spec.commandLine().getOut();
        ExportOptions options = new ExportOptions(
                tables, quantize == Quantization.INT8, allInOne, Exporter.fusions(run, fusions), examples(to));
        Exporter.export(run, out, options, InstantSource.system());
        to.println("exported to " + out);
        if (tables != Storage.FLOAT32 || options.isQuantized()) {
            printCosts(to);
        }
        to.flush();
        return Main.OK;
    }

    private Optional<Examples> examples(PrintWriter to) {
        try {
            return noExamples ? Optional.empty() : Optional.of(Exporter.examples(run));
        } catch (InputException unreadable) {
            to.println("no examples go with it: " + unreadable.getMessage());
            return Optional.empty();
        }
    }

    private void printCosts(PrintWriter to) {
        try {
            TextTable table = new TextTable("test rows", "metric", "trained", "exported", "difference");
            for (Exporter.Cost cost : Exporter.costs(run, out)) {
                table.row(
                        cost.task(),
                        cost.metric(),
                        Numbers.metric(cost.trained()),
                        Numbers.metric(cost.exported()),
                        String.format(Locale.ROOT, "%+.6f", cost.exported() - cost.trained()));
            }
            to.print(table.text());
        } catch (InputException unreadable) {
            to.println("what it costs was not measured: " + unreadable.getMessage());
        }
    }
}
