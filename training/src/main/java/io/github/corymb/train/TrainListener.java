package io.github.corymb.train;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/// Hears how a training run goes on, on the thread that trains. Nothing that it does changes the run.
public interface TrainListener {

    /// Hears nothing.
    TrainListener NONE = new TrainListener() {};

    /// The data is there: how many rows each split has and where the cuts are, in words; whether an earlier run kept
    /// its encoded rows, or it was read now.
    default void onData(String summary, boolean kept, double seconds) {}

    /// Something that deserves a line but stops nothing, such as a task without a positive row.
    default void onWarning(String message) {}

    /// The network is built; training begins at `step` of at most `totalSteps`.
    default void onStart(long denseParameters, long step, long totalSteps) {}

    /// A step is done. `losses` is one a task, in the order of the tasks.
    default void onStep(int epoch, long step, long totalSteps, int rows, List<Double> losses) {}

    /// An epoch is evaluated.
    ///
    /// @param metrics `task.metric` → value on the validation rows, where defined
    /// @param improved whether it is the best one up to now
    default void onEpoch(int epoch, int epochs, SortedMap<String, Double> metrics, boolean improved) {}

    /// A checkpoint is on disk.
    default void onCheckpoint(Path folder) {}
}
