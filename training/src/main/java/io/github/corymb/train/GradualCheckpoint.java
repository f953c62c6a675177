package io.github.corymb.train;

import io.github.corymb.bundle.AtomicFiles;
import io.github.corymb.embedding.TablesSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// A checkpoint whose tables are written while they learn on, one after the other as a training goes. It holds the step
/// at which its tables were frozen:
///
///     begin, copy …, mark, catch up …, mark, catch up …, freeze, finish …
///
/// What stands before an ellipsis is work of a thread of its own; the training, between two of its steps, begins, marks
/// and freezes.
///
/// Used by one thread, which closes it.
final class GradualCheckpoint implements AutoCloseable {

    private enum Stage {
        IDLE,
        COPYING,
        CATCHING_UP,
        FINISHING
    }

    private final Checkpoint checkpoint;
    private final TableSets tables;
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("corymb-checkpoint").factory());
    private Stage stage = Stage.IDLE;
    private Path target; // named after the first step, then after the one that was frozen
    private Path partial;
    private List<TablesSnapshot> snapshots = List.of();
    private Future<?> work;

    GradualCheckpoint(Checkpoint checkpoint, TableSets tables) {
        this.checkpoint = checkpoint;
        this.tables = tables;
    }

    /// Whether one is on its way.
    boolean isRunning() {
        return stage != Stage.IDLE;
    }

    /// Begins one, between two steps.
    void begin(TrainState state) {
        target = checkpoint.step(state);
        try {
            partial = AtomicFiles.createPartialFolder(target);
            snapshots = tables.snapshots(checkpoint.tables(partial));
        } catch (IOException problem) {
            throw checkpoint.unwritten(target, problem);
        }
        enter(Stage.COPYING, () -> {
            for (TablesSnapshot snapshot : snapshots) {
                snapshot.copy();
            }
            return null;
        });
    }

    /// Does what is to be done between two steps, if the other thread has ended its part.
    ///
    /// @param state of the training after the last step
    /// @param keep how many of the newest checkpoints stay once this is one of them
    /// @return the checkpoint's folder, when it stands
    Optional<Path> advance(TrainState state, int keep) {
        if (stage == Stage.IDLE || !work.isDone()) {
            return Optional.empty();
        }
        await();
        switch (stage) {
            case COPYING -> catchUp();
            case CATCHING_UP -> {
                if (snapshots.stream().anyMatch(TablesSnapshot::mayShrink)) {
                    catchUp();
                } else {
                    freeze(state, keep);
                }
            }
            default -> {
                abandon(); // only the memory, since the folder has its name
                return Optional.of(target);
            }
        }
        return Optional.empty();
    }

    private void catchUp() {
        snapshots.forEach(TablesSnapshot::mark);
        enter(Stage.CATCHING_UP, () -> {
            snapshots.forEach(TablesSnapshot::catchUp);
            return null;
        });
    }

    private void freeze(TrainState state, int keep) {
        snapshots.forEach(TablesSnapshot::freeze);
        Checkpoint.Content rest = checkpoint.rest(state);
        target = checkpoint.step(state);
        enter(Stage.FINISHING, () -> {
            for (TablesSnapshot snapshot : snapshots) {
                snapshot.finish();
            }
            rest.writeTo(partial);
            checkpoint.publish(partial, target);
            checkpoint.prune(keep);
            return null;
        });
    }

    private void enter(Stage next, Callable<Void> part) {
        stage = next;
        work = writer.submit(part);
    }

    private void await() {
        try {
            work.get();
        } catch (ExecutionException fault) {
            switch (fault.getCause()) {
                case IOException problem -> throw checkpoint.unwritten(target, problem);
                case RuntimeException problem -> throw problem;
                case Throwable other -> throw new IllegalStateException(other);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a checkpoint was written");
        }
    }

    /// Gives up the one that is on its way, if there is one; nothing of it is left.
    void abandon() {
        if (stage == Stage.IDLE) {
            return;
        }
        try {
            work.get(); // the tables' memory must not change under it
        } catch (ExecutionException _) {
            // it is given up all the same
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        stage = Stage.IDLE;
        try {
            for (TablesSnapshot snapshot : snapshots) {
                snapshot.close();
            }
            AtomicFiles.deleteTree(partial);
        } catch (IOException problem) {
            throw checkpoint.unwritten(target, problem);
        }
    }

    @Override
    public void close() {
        try {
            abandon();
        } finally {
            writer.shutdown();
        }
    }
}
