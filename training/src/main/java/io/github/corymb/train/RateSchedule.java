package io.github.corymb.train;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// The `train.schedule` of an experiment file: what the learning rates of dense parameters and tables are multiplied
/// by, as training goes on.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = RateSchedule.Constant.class, name = "constant"),
    @JsonSubTypes.Type(value = RateSchedule.WarmUp.class, name = "warm_up"),
    @JsonSubTypes.Type(value = RateSchedule.Cosine.class, name = "cosine"),
    @JsonSubTypes.Type(value = RateSchedule.Plateau.class, name = "plateau"),
})
public sealed interface RateSchedule {

    /// The factor of the rates at step t of T, from 0 to 1. A plateau's is 1: what it has come down to is state of the
    /// training.
    ///
    /// @param step t, counted from 0
    /// @param totalSteps T, of all epochs together
    double scale(long step, long totalSteps);

    /// Always 1.
    record Constant() implements RateSchedule {
        @Override
        public double scale(long step, long totalSteps) {
            return 1;
        }
    }

    /// Rises in a straight line over the first w steps, then stays:
    ///
    ///     s(t) = min(1, (t + 1) / w)
    ///
    /// @param steps w, at least 1
    record WarmUp(Integer steps) implements RateSchedule {

        public WarmUp {
            if (steps == null || steps < 1) {
                throw new IllegalArgumentException("steps: expected at least 1, found " + found(steps));
            }
        }

        @Override
        public double scale(long step, long totalSteps) {
            return rise(step, steps);
        }
    }

    /// Rises over the first w steps, then falls along half a cosine to f at the last step:
    ///
    ///     s(t) = (t + 1) / w                                       where t < w
    ///     s(t) = f + (1 − f) · (1 + cos(π (t − w) / (T − w))) / 2  from then on
    ///
    /// Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017. Differs from the paper:
    /// there is no restart.
    ///
    /// @param warmUpSteps w, at least 0, which is the default
    /// @param floor f, from 0, which is the default, to 1
    record Cosine(Integer warmUpSteps, Double floor) implements RateSchedule {

        public Cosine {
            warmUpSteps = warmUpSteps == null ? 0 : warmUpSteps;
            floor = floor == null ? 0 : floor;
            if (warmUpSteps < 0) {
                throw new IllegalArgumentException("warm_up_steps: expected at least 0, found " + warmUpSteps);
            }
            if (!(floor >= 0 && floor <= 1)) {
                throw new IllegalArgumentException("floor: expected from 0 to 1, found " + floor);
            }
        }

        @Override
        public double scale(long step, long totalSteps) {
            if (step < warmUpSteps) {
                return rise(step, warmUpSteps);
            }
            double falling = Math.max(1, totalSteps - warmUpSteps);
            double progress = Math.min(1, (step - warmUpSteps) / falling);
            return floor + (1 - floor) * (1 + Math.cos(Math.PI * progress)) / 2;
        }
    }

    /// Multiplies the rates by a factor each time a metric has not become better for some evaluations in a row.
    ///
    /// @param factor above 0 and below 1, default 0.5
    /// @param patience how many evaluations it waits, at least 1, which is the default
    /// @param metric `TASK.METRIC` on the validation rows, or `mean` of the tasks' main metrics, which is the default
    record Plateau(Double factor, Integer patience, String metric) implements RateSchedule {

        public Plateau {
            factor = factor == null ? 0.5 : factor;
            patience = patience == null ? 1 : patience;
            metric = metric == null ? EarlyStopping.MEAN : metric;
            if (!(factor > 0 && factor < 1)) {
                throw new IllegalArgumentException("factor: expected above 0 and below 1, found " + factor);
            }
            if (patience < 1) {
                throw new IllegalArgumentException("patience: expected at least 1, found " + patience);
            }
        }

        @Override
        public double scale(long step, long totalSteps) {
            return 1;
        }
    }

    private static double rise(long step, int warmUpSteps) {
        return Math.min(1, (step + 1.0) / warmUpSteps);
    }

    private static String found(Object value) {
        return value == null ? "nothing" : value.toString();
    }
}
