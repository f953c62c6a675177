package io.github.corymb.cli;

import io.github.corymb.train.Predictor;
import io.github.corymb.train.TrainedModel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `corymb predict`: one column a task for every row of a source.
@Command(
        name = "predict",
        description = "Predicts all tasks for every row of a source, in its order; labels are not needed.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  corymb predict runs/movielens-mmoe --source candidates.parquet --out scores.parquet",
            "  corymb predict runs/movielens-mmoe/bundle --source candidates.csv --out scores.csv \\",
            "      --keep user_id,movie_id"
        })
final class PredictCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN", description = "A run's folder, or a bundle.")
    private Path run;

    @Option(names = "--source", required = true, paramLabel = "SQL|FILE", description = "The rows to predict for.")
    private String source;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "A .parquet or .csv file.")
    private Path out;

    @Option(
            names = "--keep",
            split = ",",
            paramLabel = "COLUMN",
            description = "Columns of the source to carry over, in front.")
    private List<String> keep = List.of();

    @Override
    public Integer call() {
        try (TrainedModel model = TrainedModel.open(run)) {
            long rows = new Predictor(model).predict(source, keep, out);
            spec.commandLine()
                    .getOut()
                    .printf(
                            "%,d rows predicted into %s; lookups of ids that training never saw: %,d%n",
                            rows, out, model.unknownCount());
            spec.commandLine().getOut().flush();
        }
        return Main.OK;
    }
}
