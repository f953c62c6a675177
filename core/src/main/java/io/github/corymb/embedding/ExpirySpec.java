package io.github.corymb.embedding;

import java.time.Duration;

/// When rows that no step updates are given up: `expiry` of a table in the experiment file. A row goes once either
/// bound is passed.
///
/// @param steps since its last update, at least 1; null for any
/// @param days since its last update, above 0; null for any. It never goes early, and up to a thousandth of this late
public record ExpirySpec(Long steps, Double days) {

    private static final double MILLIS_PER_DAY = 86_400_000;

    public ExpirySpec {
        if (steps != null && steps < 1) {
            throw new IllegalArgumentException("steps: expected at least 1, found " + steps);
        }
        if (days != null) {
            Knob.positive("days", days, 1);
        }
    }

    /// The bound in time, or null.
    Duration age() {
        return days == null ? null : Duration.ofMillis(Math.round(days * MILLIS_PER_DAY));
    }
}
