package io.github.corymb.cli;

import io.github.corymb.Experiment;
import io.github.corymb.ExperimentReader;
import io.github.corymb.feature.InputException;
import io.github.corymb.train.RunFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The folder of a run to go on with.
final class ResumedRun {

    private ResumedRun() {}

    /// @throws InputException if there is no run in the folder, or one of another experiment
    static RunFolder check(Path path, Experiment experiment) {
        RunFolder run = new RunFolder(path);
        if (!Files.isRegularFile(run.experiment())) {
            throw new InputException("--resume: expected a run in %s, found no experiment.yaml there".formatted(path));
        }
        if (!ExperimentReader.read(run.experiment(), List.of()).equals(experiment)) {
            throw new InputException("--resume: expected the experiment of %s, found another one; compare with %s"
                    .formatted(path, run.experiment()));
        }
        return run;
    }
}
