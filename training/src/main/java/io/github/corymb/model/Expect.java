package io.github.corymb.model;

import java.util.List;

/// The bounds of a model's settings. Each takes what stands in the experiment file under a key, null where nothing
/// does, and gives that or the default; what is out of bounds is an [IllegalArgumentException] that begins with the
/// key.
final class Expect {

    private Expect() {}

    static int atLeastOne(String key, Integer given, int otherwise) {
        int value = given == null ? otherwise : given;
        if (value < 1) {
            throw new IllegalArgumentException(key + ": expected at least 1, found " + value);
        }
        return value;
    }

    /// A probability below 1, 0 where none is given.
    static double dropout(String key, Double given) {
        double value = given == null ? 0 : given;
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(key + ": expected at least 0 and below 1, found " + value);
        }
        return value;
    }

    /// Widths of layers, of which there must be one.
    static List<Integer> layers(String key, List<Integer> given, Integer... otherwise) {
        List<Integer> widths = layersOrNone(key, given, otherwise);
        if (widths.isEmpty()) {
            throw new IllegalArgumentException(key + ": expected at least 1 width, found none");
        }
        return widths;
    }

    /// Widths of layers, of which there may be none.
    static List<Integer> layersOrNone(String key, List<Integer> given, Integer... otherwise) {
        if (given == null) {
            return List.of(otherwise);
        }
        for (int i = 0; i < given.size(); i++) {
            Integer width = given.get(i);
            if (width == null || width < 1) {
                throw new IllegalArgumentException(key + "[" + i + "]: expected at least 1, found " + width);
            }
        }
        return List.copyOf(given);
    }
}
