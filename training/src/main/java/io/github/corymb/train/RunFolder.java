package io.github.corymb.train;

import io.github.corymb.bundle.AtomicFiles;
import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where one training run keeps what it makes.
///
///     experiment.yaml   resolved: trains the same again
///     metrics.json      what came out
///     history.jsonl     a line per logged step and per evaluation
///     checkpoint/       what --resume goes on from
///     bundle/           the trained model
///     refused.safetensors   the last batch, where a training ended because its steps came to no numbers
///     .lock             the process that trains in it, or did last
///
/// @param path the folder
public record RunFolder(Path path) {

    public Path experiment() {
        return path.resolve("experiment.yaml");
    }

    public Path metrics() {
        return path.resolve("metrics.json");
    }

    public Path history() {
        return path.resolve("history.jsonl");
    }

    public Path checkpoints() {
        return path.resolve("checkpoint");
    }

    /// As [BatchFile] has it.
    public Path refused() {
        return path.resolve("refused.safetensors");
    }

    public Path bundle() {
        return path.resolve("bundle");
    }

    /// Makes the folder of a new run.
    ///
    /// @throws InputException if it exists and is not empty
    public static RunFolder create(Path path) {
        try {
            if (!AtomicFiles.isFree(path)) {
                throw new InputException(
                        "--out %s: expected a new or empty folder, found one with files in it; name ".formatted(path)
                                + "another, or give --resume to go on with it");
            }
            Files.createDirectories(path);
            return new RunFolder(path);
        } catch (IOException problem) {
            throw new InputException("--out %s: cannot be made: %s".formatted(path, problem.getMessage()), problem);
        }
    }

    /// The first of `NAME`, `NAME-2`, `NAME-3` … under `parent` that is free.
    public static RunFolder createFree(Path parent, String name) {
        try {
            Path candidate = parent.resolve(name);
            for (int number = 2; !AtomicFiles.isFree(candidate); number++) {
                candidate = parent.resolve(name + "-" + number);
            }
            return create(candidate);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /// A finished run.
    ///
    /// @throws InputException if there is no bundle in it
    public static RunFolder open(Path path) {
        if (!Files.isDirectory(path)) {
            throw new InputException(
                    "%s: expected a run's folder, found %s".formatted(path, Files.exists(path) ? "a file" : "nothing"));
        }
        RunFolder run = new RunFolder(path);
        if (!Files.isDirectory(run.bundle())) {
            throw new InputException(
                    "%s: expected a finished run with a bundle, found none; go on with it by ".formatted(path)
                            + "train --resume");
        }
        return run;
    }
}
