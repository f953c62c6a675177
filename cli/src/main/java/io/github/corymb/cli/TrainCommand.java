package io.github.corymb.cli;

import io.github.corymb.Experiment;
import io.github.corymb.ExperimentReader;
import io.github.corymb.feature.InputException;
import io.github.corymb.train.Experiments;
import io.github.corymb.train.RunFolder;
import io.github.corymb.train.RunMetrics;
import io.github.corymb.train.Trainer;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `corymb train`: one run, or one for each of several experiments and seeds.
@Command(
        name = "train",
        description = "Trains an experiment and leaves a run folder with metrics, history and a bundle.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  corymb train examples/movielens/mmoe.yaml",
            "  corymb train examples/movielens/mmoe.yaml --set train.epochs=3 --set model.experts=4 --out runs/small",
            "  corymb train examples/movielens/mmoe.yaml --out runs/small --resume",
            "  corymb train examples/movielens/*.yaml --seeds 1-5 --out runs/movielens"
        })
final class TrainCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "EXPERIMENT.yaml", description = "One experiment file, or several.")
    private List<Path> files;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "The run's folder, new or empty (default: runs/NAME); with several runs, the folder of theirs.")
    private Path out;

    @Option(names = "--set", paramLabel = "path=value", description = "Overrides a key, for example train.epochs=3.")
    private List<String> settings = new ArrayList<>();

    @Option(names = "--seeds", paramLabel = "1-5", description = "Trains once with each of these seeds: 1-5 or 1,7,9.")
    private String seeds;

    @Option(names = "--resume", description = "Goes on from the newest checkpoint in the run's folder.")
    private boolean resume;

    @Override
    public Integer call() {
        Experiments.loadNativesInBackground();
        List<Experiment> experiments = experiments();
        boolean several = files.size() > 1 || seeds != null;
        if (resume && out == null) {
            throw new InputException("--resume: expected --out with the folder of the run to go on with");
        }
        ResultTable results = new ResultTable();
        try (StopSignal stop = StopSignal.onInterrupt()) {
            for (Experiment experiment : experiments) {
                RunFolder run = folder(experiment, several);
                Optional<RunMetrics> metrics = train(experiment, run, stop);
                if (metrics.isEmpty()) {
                    spec.commandLine()
                            .getErr()
                            .printf(
                                    "corymb: stopped; go on by adding --resume%s%n",
                                    out == null ? " --out " + run.path() : "");
                    return Main.INTERRUPTED;
                }
                results.add(metrics.get());
                print(
                        several
                                ? metrics.get().name() + " seed "
                                        + metrics.get().seed() + ": " + run.path()
                                : RunTable.text(metrics.get()) + "\nrun folder: " + run.path());
            }
        }
        if (several) {
            print(results.text());
            results.write(parent());
        }
        return Main.OK;
    }

    private Optional<RunMetrics> train(Experiment experiment, RunFolder run, StopSignal stop) {
        if (resume && Files.exists(run.metrics())) {
            return Optional.of(RunMetrics.read(run.metrics()));
        }
        PrintWriter err = spec.commandLine().getErr();
        try (ConsoleProgress progress = ConsoleProgress.on(err);
                Trainer trainer = new Trainer(experiment, run, progress, stop::isRequested, InstantSource.system())) {
            return trainer.train(resume);
        }
    }

    private List<Experiment> experiments() {
        List<Experiment> experiments = new ArrayList<>();
        for (Path file : files) {
            if (seeds == null) {
                experiments.add(ExperimentReader.read(file, settings));
            } else {
                for (long seed : Seeds.parse(seeds)) {
                    List<String> withSeed = new ArrayList<>(settings);
                    withSeed.add("seed=" + seed);
                    experiments.add(ExperimentReader.read(file, withSeed));
                }
            }
        }
        return experiments;
    }

    private RunFolder folder(Experiment experiment, boolean several) {
        if (several) {
            Path path = parent().resolve(experiment.name() + "-seed" + experiment.seed());
            return resume && Files.isDirectory(path) ? new RunFolder(path) : RunFolder.create(path);
        }
        if (out == null) {
            return RunFolder.createFree(parent(), experiment.name());
        }
        return resume ? ResumedRun.check(out, experiment) : RunFolder.create(out);
    }

    private Path parent() {
        return out == null ? Path.of("runs") : out;
    }

    private void print(String text) {
        spec.commandLine().getOut().println(text);
        spec.commandLine().getOut().flush();
    }
}
