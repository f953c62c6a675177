package io.github.corymb.embedding;

/// The bounds of a number in an experiment file. Each method returns the value, or the default where it is
/// null, and throws [IllegalArgumentException] with key, bound and value otherwise.
final class Knob {

    private Knob() {}

    static double positive(String key, Double value, double standard) {
        double given = value == null ? standard : value;
        return check(key, "a number above 0", given, given > 0 && given < Double.POSITIVE_INFINITY);
    }

    static double notNegative(String key, Double value, double standard) {
        double given = value == null ? standard : value;
        return check(key, "a number of at least 0", given, given >= 0 && given < Double.POSITIVE_INFINITY);
    }

    static double share(String key, Double value, double standard) {
        double given = value == null ? standard : value;
        return check(key, "at least 0 and below 1", given, given >= 0 && given < 1);
    }

    // those that optimizers share

    static double l2(Double value) {
        return notNegative("l2", value, 0);
    }

    static double weightDecay(Double value) {
        return notNegative("weight_decay", value, 0);
    }

    /// null stays null
    static Double rowClip(Double value) {
        return value == null ? null : positive("row_clip", value, 0);
    }

    static double initialScale(Double value) {
        return notNegative("initial_scale", value, EmbeddingSpec.DEFAULT_INITIAL_SCALE);
    }

    static double unknownShare(Double value) {
        return share("unknown_share", value, 0);
    }

    static int whole(String key, Integer value, int standard, int least, int most) {
        int given = value == null ? standard : value;
        if (given < least || given > most) {
            throw new IllegalArgumentException(
                    "%s: expected from %,d to %,d, found %,d".formatted(key, least, most, given));
        }
        return given;
    }

    private static double check(String key, String expected, double given, boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException("%s: expected %s, found %s".formatted(key, expected, given));
        }
        return given;
    }
}
