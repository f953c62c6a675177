package io.github.corymb.feature;

/// Checks of what a configuration record is given. A refusal says key, expected and found; the reader of the file puts
/// the place before it.
final class Limit {

    private Limit() {}

    static void range(String key, int minimum, int maximum, int found) {
        if (found < minimum || found > maximum) {
            throw new IllegalArgumentException(
                    key + ": expected from " + minimum + " to " + maximum + ", found " + found);
        }
    }

    /// Checks a key that may be left out.
    static void optionalRange(String key, int minimum, int maximum, Integer found) {
        if (found != null) {
            range(key, minimum, maximum, found);
        }
    }

    static void optionalText(String key, String found) {
        if (found != null && found.isBlank()) {
            throw new IllegalArgumentException(key + ": expected text, found none");
        }
    }

    static void requiredText(String key, String found) {
        if (found == null) {
            throw new IllegalArgumentException(key + ": expected text, found nothing");
        }
        optionalText(key, found);
    }

    static void optionalSeparator(String found) {
        if (found != null && found.isEmpty()) {
            throw new IllegalArgumentException("separator: expected at least one character, found none");
        }
    }
}
