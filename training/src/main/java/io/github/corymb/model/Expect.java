package io.github.corymb.model;

import static java.util.Objects.requireNonNullElse;

import io.github.corymb.network.Activation;
import io.github.corymb.network.ExpertComputation;
import io.github.corymb.network.Normalisation;
import java.util.List;

/// The settings that models have in common: their keys, defaults and bounds. Each takes what stands in the
/// experiment file under a key, null where nothing does, and gives that or the default; what is out of bounds is
/// an [IllegalArgumentException] that begins with the key.
final class Expect {

    private Expect() {}

    /// How many experts all tasks share.
    static int experts(Integer given) {
        return atLeastOne("experts", given, 8);
    }

    /// The widths of an expert, of which there must be one.
    static List<Integer> expert(List<Integer> given) {
        List<Integer> widths = widths("expert", given, 128, 64);
        if (widths.isEmpty()) {
            throw new IllegalArgumentException("expert: expected at least 1 width, found none");
        }
        return widths;
    }

    /// The widths of a network below the towers, of which there may be none.
    static List<Integer> bottom(List<Integer> given) {
        return widths("bottom", given, 128, 64);
    }

    /// The hidden widths of a tower, of which there may be none.
    static List<Integer> tower(List<Integer> given) {
        return widths("tower", given, 32);
    }

    static Activation activation(Activation given) {
        return requireNonNullElse(given, Activation.RELU);
    }

    static double dropout(Double given) {
        return rate("dropout", given);
    }

    static Normalisation normalisation(Normalisation given) {
        return requireNonNullElse(given, Normalisation.NONE);
    }

    static double gateDropout(Double given) {
        return rate("gate_dropout", given);
    }

    static ExpertComputation computation(ExpertComputation given) {
        return requireNonNullElse(given, ExpertComputation.LOOPED);
    }

    static int atLeastOne(String key, Integer given, int otherwise) {
        int value = requireNonNullElse(given, otherwise);
        if (value < 1) {
            throw new IllegalArgumentException(key + ": expected at least 1, found " + value);
        }
        return value;
    }

    /// A probability below 1, 0 where none is given.
    private static double rate(String key, Double given) {
        double value = requireNonNullElse(given, 0.0);
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(key + ": expected at least 0 and below 1, found " + value);
        }
        return value;
    }

    private static List<Integer> widths(String key, List<Integer> given, Integer... otherwise) {
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
