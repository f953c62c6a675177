package io.github.corymb.data;

import java.util.Locale;

/// Which rows: those learned from, those that choose when to stop, and those that judge.
public enum Split {
    TRAIN,
    VALIDATION,
    TEST;

    /// The word of the experiment file and of `metrics.json`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
