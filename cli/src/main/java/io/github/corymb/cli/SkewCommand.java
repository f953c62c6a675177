package io.github.corymb.cli;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.corymb.bundle.AtomicFiles;
import io.github.corymb.feature.InputException;
import io.github.corymb.serving.server.Skew;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `corymb skew`: what a server logged, against what its bundle says now.
@Command(
        name = "skew",
        description = {
            "Recomputes the requests that a server logged, and compares the predictions.",
            "Ends with 1 where some are further apart than 1e-5."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = "  corymb skew logs/ranking --bundle bundles/movielens")
final class SkewCommand implements Callable<Integer> {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "LOG", description = "The folder that `serve --log` wrote to, or one of its files.")
    private Path log;

    @Option(
            names = "--bundle",
            required = true,
            paramLabel = "BUNDLE",
            description = "The bundle that answered; requests of others are left out.")
    private Path bundle;

    @Option(names = "--out", paramLabel = "FILE.json", description = "Writes the figures there, too.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        Skew skew = Skew.of(log, bundle);
        PrintWriter to = spec.commandLine().getOut();
        to.printf(
                "%s requests of bundle %s recomputed; %s of other bundles, %d files with a torn end%n%n",
                Numbers.count(skew.requestCount()),
                skew.bundle().substring(0, 12),
                Numbers.count(skew.otherCount()),
                skew.tornFileCount());
        to.println(tasks(skew).text());
        to.print(features(skew).text());
        to.flush();
        if (out != null) {
            AtomicFiles.write(out, JSON.writeValueAsString(skew) + "\n");
        }
        if (!skew.agrees()) {
            throw new InputException("%s: expected the predictions of %s, found other ones".formatted(log, bundle));
        }
        return Main.OK;
    }

    private static TextTable tasks(Skew skew) {
        TextTable table = new TextTable("task", "predictions", "beyond 1e-5", "largest", "mean");
        for (Skew.TaskSkew task : skew.tasks()) {
            double share = task.predictionCount() == 0 ? 0 : (double) task.beyondCount() / task.predictionCount();
            table.row(
                    task.task(),
                    Numbers.count(task.predictionCount()),
                    Numbers.percent(share),
                    small(task.largestDifference()),
                    small(task.meanDifference()));
        }
        return table;
    }

    private static TextTable features(Skew skew) {
        TextTable table = new TextTable("feature", "rows", "missing", "in training", "unknown keys");
        for (Skew.FeatureSkew feature : skew.features()) {
            table.row(
                    feature.feature(),
                    Numbers.count(feature.rowCount()),
                    Numbers.percent(feature.missingShare()),
                    share(feature.trainingMissingShare()),
                    share(feature.unknownShare()));
        }
        return table;
    }

    private static String share(Double share) {
        return share == null ? Numbers.NOT_AVAILABLE : Numbers.percent(share);
    }

    private static String small(double difference) {
        return String.format(Locale.ROOT, "%.1e", difference);
    }
}
