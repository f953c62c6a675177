package io.github.corymb.metric;

/// Which values of a metric are the better ones.
public enum Goal {
    HIGHER,
    LOWER,
    /// the best value is 1: too high is as bad as too low
    NEARER_ONE;

    /// The value on a scale where more is better: what early stopping compares.
    public double merit(double value) {
        return switch (this) {
            case HIGHER -> value;
            case LOWER -> -value;
            case NEARER_ONE -> -Math.abs(value - 1);
        };
    }

    public boolean isBetter(double candidate, double incumbent) {
        return merit(candidate) > merit(incumbent);
    }
}
