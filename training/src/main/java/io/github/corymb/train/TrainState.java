package io.github.corymb.train;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.corymb.bundle.AtomicFiles;
import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.nio.file.Path;

/// Where a training run stands, beside the values of its parameters and tables: what `state.json` of a checkpoint
/// holds. Shuffling depends on (seed, epoch) and dropout on (seed, step), so no generator's state is among it.
///
/// @param formatVersion of the checkpoint
/// @param epoch the epoch in progress, counted from 1
/// @param batch how many batches of it are done
/// @param step how many steps are done altogether
/// @param rows how many training rows that was
/// @param trainSeconds time spent in steps
/// @param waitingSeconds time in which steps waited for data
/// @param seconds time spent training and evaluating
/// @param refused how many steps were left out, since a loss or a gradient was no number
/// @param refusedInRow how many of them were the last steps
/// @param stopping what early stopping knows
/// @param plateau what a plateau schedule knows
/// @param plateauScale the factor of the rates that a plateau schedule has come down to
/// @param stopped whether early stopping has ended the training
record TrainState(
        int formatVersion,
        int epoch,
        int batch,
        long step,
        long rows,
        double trainSeconds,
        double waitingSeconds,
        double seconds,
        long refused,
        int refusedInRow,
        StoppingRule.State stopping,
        StoppingRule.State plateau,
        double plateauScale,
        boolean stopped) {

    static final int FORMAT_VERSION = 1;

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    static TrainState start() {
        return new TrainState(
                FORMAT_VERSION,
                1,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                StoppingRule.State.START,
                StoppingRule.State.START,
                1,
                false);
    }

    /// @param wasRefused whether nothing was learned
    TrainState stepped(int moreRows, double moreSeconds, double moreWaiting, boolean wasRefused) {
        return new TrainState(
                formatVersion,
                epoch,
                batch + 1,
                step + 1,
                rows + moreRows,
                trainSeconds + moreSeconds,
                waitingSeconds + moreWaiting,
                seconds + moreSeconds,
                refused + (wasRefused ? 1 : 0),
                wasRefused ? refusedInRow + 1 : 0,
                stopping,
                plateau,
                plateauScale,
                stopped);
    }

    TrainState spent(double moreSeconds) {
        return new TrainState(
                formatVersion,
                epoch,
                batch,
                step,
                rows,
                trainSeconds,
                waitingSeconds,
                seconds + moreSeconds,
                refused,
                refusedInRow,
                stopping,
                plateau,
                plateauScale,
                stopped);
    }

    TrainState evaluated(
            StoppingRule.State newStopping, StoppingRule.State newPlateau, double newScale, boolean isStopped) {
        return new TrainState(
                formatVersion,
                epoch,
                batch,
                step,
                rows,
                trainSeconds,
                waitingSeconds,
                seconds,
                refused,
                refusedInRow,
                newStopping,
                newPlateau,
                newScale,
                isStopped);
    }

    TrainState nextEpoch() {
        return new TrainState(
                formatVersion,
                epoch + 1,
                0,
                step,
                rows,
                trainSeconds,
                waitingSeconds,
                seconds,
                refused,
                refusedInRow,
                stopping,
                plateau,
                plateauScale,
                stopped);
    }

    void write(Path file) throws IOException {
        AtomicFiles.write(file, JSON.writeValueAsString(this) + "\n");
    }

    /// @throws InputException if the file is of another format version, or none of this kind
    static TrainState read(Path file) {
        try {
            TrainState state = JSON.readValue(file.toFile(), TrainState.class);
            if (state.formatVersion != FORMAT_VERSION) {
                throw new InputException("%s: expected format version %d, found %d"
                        .formatted(file, FORMAT_VERSION, state.formatVersion));
            }
            return state;
        } catch (IOException problem) {
            throw new InputException(
                    "%s: expected the state of a training run, found something else".formatted(file), problem);
        }
    }
}
