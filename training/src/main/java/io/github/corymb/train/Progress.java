package io.github.corymb.train;

import java.util.Optional;

/// Where a training run stands, and what comes next: which batch, which rates, whether a checkpoint is due, whether it
/// is over. Its [#state()] is what a checkpoint stores.
///
/// Used by one thread.
final class Progress {

    private static final double SECONDS_PER_MINUTE = 60;

    private final TrainSpec spec;
    private final int batchesPerEpoch;
    private TrainState state = TrainState.start();
    private StoppingRule stopping;
    private StoppingRule plateau;
    private long checkpointStep;
    private double checkpointSeconds;

    Progress(TrainSpec spec, int rowCount) {
        this.spec = spec;
        this.batchesPerEpoch = Math.ceilDiv(rowCount, spec.batch());
        begin(Optional.empty());
    }

    /// Goes on from a checkpoint's state, or starts.
    void begin(Optional<TrainState> restored) {
        state = restored.orElse(TrainState.start());
        EarlyStopping early = spec.earlyStopping();
        int patience = early == null ? Integer.MAX_VALUE : early.patience();
        stopping = new StoppingRule(patience, early == null ? 0 : early.minDelta(), state.stopping());
        int plateauPatience = spec.schedule() instanceof RateSchedule.Plateau p ? p.patience() : Integer.MAX_VALUE;
        plateau = new StoppingRule(plateauPatience, 0, state.plateau());
        checkpointed();
    }

    TrainState state() {
        return state;
    }

    /// Counted from 1.
    int epoch() {
        return state.epoch();
    }

    long step() {
        return state.step();
    }

    /// Of all epochs, if nothing stops them early.
    long totalSteps() {
        return (long) batchesPerEpoch * spec.epochs();
    }

    boolean isOver() {
        return state.epoch() > spec.epochs() || state.stopped();
    }

    boolean hasBatch() {
        return state.batch() < batchesPerEpoch;
    }

    /// How many batches of the epoch are done.
    int batch() {
        return state.batch();
    }

    /// The factor of all rates in the next step.
    double rateScale() {
        return spec.schedule().scale(state.step(), totalSteps()) * state.plateauScale();
    }

    /// @param seconds of the step, with `waited`, those for which it waited for data
    void stepped(int rows, double seconds, double waited, boolean refused) {
        state = state.stepped(rows, seconds, waited, refused);
    }

    void spent(double seconds) {
        state = state.spent(seconds);
    }

    double rowsPerSecond() {
        return state.trainSeconds() == 0 ? 0 : state.rows() / state.trainSeconds();
    }

    /// The share of the time of all steps in which they waited for data, 0 to 1.
    double waitingShare() {
        return state.trainSeconds() == 0 ? 0 : state.waitingSeconds() / state.trainSeconds();
    }

    /// Takes the metrics of an epoch; true if early stopping calls it the best one yet. Without early stopping the last
    /// epoch is the best.
    boolean evaluated(ValidationMetrics metrics) {
        boolean improved = true;
        if (spec.earlyStopping() != null) {
            improved = stopping.improves(
                    state.epoch(), metrics.merit(spec.earlyStopping().metric()));
        } else {
            stopping = new StoppingRule(Integer.MAX_VALUE, 0, new StoppingRule.State(state.epoch(), 0, 0));
        }
        double scale = state.plateauScale();
        if (spec.schedule() instanceof RateSchedule.Plateau schedule) {
            plateau.improves(state.epoch(), metrics.merit(schedule.metric()));
            if (plateau.isOver()) {
                scale *= schedule.factor();
                plateau.restartPatience();
            }
        }
        state = state.evaluated(stopping.state(), plateau.state(), scale, stopping.isOver());
        return improved;
    }

    void nextEpoch() {
        state = state.nextEpoch();
    }

    /// The epoch whose model is the best, counted from 1; 0 if none was evaluated on [Split#VALIDATION].
    int bestEpoch() {
        return state.stopping().bestEpoch();
    }

    boolean isCheckpointDue() {
        Long steps = spec.checkpoint().steps();
        Double minutes = spec.checkpoint().minutes();
        return (steps != null && state.step() - checkpointStep >= steps)
                || (minutes != null && state.seconds() - checkpointSeconds >= minutes * SECONDS_PER_MINUTE);
    }

    /// The step of the last checkpoint, or where this process began.
    long checkpointStep() {
        return checkpointStep;
    }

    void checkpointed() {
        checkpointStep = state.step();
        checkpointSeconds = state.seconds();
    }
}
