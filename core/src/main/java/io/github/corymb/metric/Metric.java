package io.github.corymb.metric;

import java.util.OptionalDouble;
import java.util.Set;

/// A number that says how good the predictions of one task are, exact over all rows given. Row weights multiply each
/// row's contribution as they are given: a row of weight 2 counts as two rows, a row of weight 0 as none. No metric
/// depends on the order of rows beyond rounding. [Metrics] lists them all.
public sealed interface Metric
        permits Accuracy,
                Auc,
                ExpectedCalibrationError,
                GroupedAuc,
                LogLoss,
                MacroF1,
                Mae,
                NormalizedEntropy,
                Pcoc,
                RSquared,
                Rmse {

    /// Its name in `metrics.json` and in experiment files, in snake case.
    String name();

    /// The kinds of task that it applies to.
    Set<TaskKind> kinds();

    Goal goal();

    /// The metric's formula; not finite where the rows do not define it. [#compute(Scored)] is the careful way to ask.
    double valueOrNaN(Scored scored);

    /// The metric of these rows, a finite number; empty where they do not define it (no rows, one class only, no
    /// groups, no variance: each metric says which).
    ///
    /// @throws IllegalArgumentException if the metric does not apply to this kind of task
    default OptionalDouble compute(Scored scored) {
        if (!kinds().contains(scored.kind())) {
            throw new IllegalArgumentException(name() + ": expected a task of " + kinds() + ", found " + scored.kind());
        }
        double value = valueOrNaN(scored);
        return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }
}
