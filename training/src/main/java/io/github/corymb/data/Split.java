package io.github.corymb.data;

import java.util.Locale;

/// Which rows: those learned from, those that choose when to stop, and those that judge.
public enum Split {
    TRAIN(0),
    VALIDATION(1),
    TEST(2);

    private final int index;

    Split(int index) {
        this.index = index;
    }

    /// The place in arrays of one entry a split.
    int index() {
        return index;
    }

    /// The word of the experiment file and of `metrics.json`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
