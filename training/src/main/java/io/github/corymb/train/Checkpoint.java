package io.github.corymb.train;

import io.github.corymb.bundle.AtomicFiles;
import io.github.corymb.bundle.Safetensors;
import io.github.corymb.bundle.SafetensorsWriter;
import io.github.corymb.feature.InputException;
import io.github.corymb.tensor.Array;
import io.github.corymb.tensor.torch.TorchEngine;
import io.github.corymb.tensor.torch.TorchOptimizer;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The folders under `checkpoint/`, each whole or not there at all:
///
///     step-000000120/   state.json, dense.safetensors, optimizer.safetensors, tables/   to go on from
///     best-0004/        dense.safetensors, tables/                                     the best epoch's model
///
/// A checkpoint names the best epoch that it knows of; a best model stays until no checkpoint kept needs it.
final class Checkpoint {

    private static final String STEP = "step-";
    private static final String BEST = "best-";
    private static final String STATE = "state.json";
    private static final String DENSE = "dense.safetensors";
    private static final String OPTIMIZER = "optimizer.safetensors";
    private static final String TABLES = "tables";

    private final Path folder;
    private final TorchEngine engine;
    private final TorchOptimizer optimizer;
    private final TableSets tables;

    Checkpoint(Path folder, TorchEngine engine, TorchOptimizer optimizer, TableSets tables) {
        this.folder = folder;
        this.engine = engine;
        this.optimizer = optimizer;
        this.tables = tables;
    }

    /// Writes everything a later process needs to go on, then deletes all but the newest `keep`.
    ///
    /// @throws InputException if the disk refuses; what was written before is as it was
    Path write(TrainState state, int keep) {
        Path target = step(state);
        Content rest = rest(state);
        write(target, partial -> {
            tables.write(tables(partial), true);
            rest.writeTo(partial);
        });
        prune(keep);
        return target;
    }

    /// Where the checkpoint of a state stands, or will.
    Path step(TrainState state) {
        return folder.resolve("%s%09d".formatted(STEP, state.step()));
    }

    /// The folder of the tables in that of a checkpoint.
    Path tables(Path checkpoint) {
        return checkpoint.resolve(TABLES);
    }

    /// All but the tables, as it is now; any thread may write it later.
    Content rest(TrainState state) {
        SortedMap<String, Array> dense = engine.parameters().read();
        SortedMap<String, Array> moments = optimizer.state();
        return partial -> {
            writeArrays(partial.resolve(DENSE), dense);
            writeArrays(partial.resolve(OPTIMIZER), moments);
            state.write(partial.resolve(STATE));
        };
    }

    /// Writes the model of the best epoch.
    void writeBest(int epoch) {
        write(best(epoch), partial -> {
            writeArrays(partial.resolve(DENSE), engine.parameters().read());
            tables.write(tables(partial), false);
        });
    }

    /// Takes over the newest checkpoint, if there is one.
    Optional<TrainState> restoreNewest() {
        List<Path> steps = list(STEP);
        if (steps.isEmpty()) {
            return Optional.empty();
        }
        Path newest = steps.getLast();
        TrainState state = TrainState.read(newest.resolve(STATE));
        readModel(newest);
        load(newest.resolve(OPTIMIZER), optimizer::load);
        return Optional.of(state);
    }

    /// Takes over the model of the best epoch.
    void restoreBest(int epoch) {
        readModel(best(epoch));
    }

    private void readModel(Path from) {
        load(from.resolve(DENSE), engine.parameters()::write);
        try {
            tables.restore(tables(from));
        } catch (IOException problem) {
            throw new InputException("%s: cannot be read: %s".formatted(from, problem.getMessage()), problem);
        }
    }

    private Path best(int epoch) {
        return folder.resolve("%s%04d".formatted(BEST, epoch));
    }

    /// What writes into a folder that has not its name yet.
    interface Content {
        void writeTo(Path partial) throws IOException;
    }

    private void write(Path target, Content content) {
        try {
            Path partial = AtomicFiles.createPartialFolder(target);
            try {
                content.writeTo(partial);
                publish(partial, target);
            } finally {
                AtomicFiles.deleteTree(partial);
            }
        } catch (IOException problem) {
            throw unwritten(target, problem);
        }
    }

    /// Gives a folder that is whole its name.
    void publish(Path partial, Path target) throws IOException {
        AtomicFiles.deleteTree(target); // the same step, written before a resume
        AtomicFiles.publish(partial, target);
    }

    /// What to tell where the disk refused.
    InputException unwritten(Path target, IOException problem) {
        return new InputException(
                "%s: cannot be written: %s; %s".formatted(target, problem.getMessage(), survivor()), problem);
    }

    private String survivor() {
        List<Path> steps = list(STEP);
        return steps.isEmpty() ? "there is no earlier checkpoint" : "the last good checkpoint is " + steps.getLast();
    }

    /// Deletes all but the newest `keep` checkpoints, and the best models that none of them needs.
    void prune(int keep) {
        List<Path> steps = list(STEP);
        List<Path> kept = steps.subList(Math.max(0, steps.size() - keep), steps.size());
        List<Path> needed = kept.stream()
                .map(step ->
                        best(TrainState.read(step.resolve(STATE)).stopping().bestEpoch()))
                .toList();
        try {
            for (Path step : steps.subList(0, steps.size() - kept.size())) {
                AtomicFiles.deleteTree(step);
            }
            for (Path best : list(BEST)) {
                if (!needed.contains(best)) {
                    AtomicFiles.deleteTree(best);
                }
            }
        } catch (IOException problem) {
            throw new InputException("%s: cannot be cleaned: %s".formatted(folder, problem.getMessage()), problem);
        }
    }

    private List<Path> list(String prefix) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> isWhole(entry.getFileName().toString(), prefix))
                    .sorted(Comparator.comparing(Path::toString))
                    .toList();
        } catch (IOException problem) {
            throw new InputException("%s: cannot be read: %s".formatted(folder, problem.getMessage()), problem);
        }
    }

    private static boolean isWhole(String name, String prefix) {
        return name.startsWith(prefix) && name.indexOf('.') < 0; // others are partial ones
    }

    /// Writes named arrays as one file.
    static void writeArrays(Path file, SortedMap<String, Array> arrays) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter();
        arrays.forEach((name, array) -> writer.add(name, array.values(), array.shape()));
        writer.write(file);
    }

    /// Reads what [#writeArrays] wrote.
    static SortedMap<String, Array> readArrays(Safetensors file) {
        SortedMap<String, Array> arrays = new TreeMap<>();
        file.tensors().forEach((name, tensor) -> {
            Array array = Array.zeros(
                    tensor.shape().stream().mapToLong(Long::longValue).toArray());
            FloatBuffer values = array.values();
            values.put(file.floats(name));
            arrays.put(name, array);
        });
        return arrays;
    }

    private interface Target {
        void take(Map<String, Array> arrays);
    }

    private static void load(Path file, Target target) {
        try {
            target.take(readArrays(Safetensors.open(file)));
        } catch (IllegalArgumentException mismatch) {
            throw new InputException(file + ": " + mismatch.getMessage(), mismatch);
        }
    }
}
