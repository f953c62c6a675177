package io.github.corymb.train;

/// Decides after each evaluation whether it is the best one yet, and whether to go on.
///
/// Used by one thread.
final class StoppingRule {

    private final int patience;
    private final double minimumDelta;
    private State state;

    /// @param bestEpoch the best epoch yet, counted from 1; 0 before the first
    /// @param bestMerit what is to be beaten, larger is better; NaN where it was not defined
    /// @param badCount evaluations since it
    record State(int bestEpoch, double bestMerit, int badCount) {

        static final State START = new State(0, 0, 0);
    }

    /// @param patience how many evaluations in a row may pass without a new best before training stops
    StoppingRule(int patience, double minimumDelta, State state) {
        this.patience = patience;
        this.minimumDelta = minimumDelta;
        this.state = state;
    }

    State state() {
        return state;
    }

    /// Takes the merit of an epoch; true if it is the best one yet. A merit of NaN (its metric is not defined on these
    /// rows) beats nothing.
    boolean improves(int epoch, double merit) {
        boolean first = state.bestEpoch() == 0 || Double.isNaN(state.bestMerit());
        boolean better = first || merit > state.bestMerit() + minimumDelta;
        state = better
                ? new State(epoch, merit, 0)
                : new State(state.bestEpoch(), state.bestMerit(), state.badCount() + 1);
        return better;
    }

    /// Waits as long again as after a best one.
    void restartPatience() {
        state = new State(state.bestEpoch(), state.bestMerit(), 0);
    }

    boolean isOver() {
        return state.badCount() >= patience;
    }
}
