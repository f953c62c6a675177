package io.github.corymb.feature;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// An embedding table as the features that share it describe it together.
///
/// @param name the table's name
/// @param dimension width D of its rows
/// @param vocabulary the values that have rows of their own, or null where all have
/// @param features the names of the features that read it, in order
public record FeatureTable(String name, int dimension, List<String> vocabulary, List<String> features) {

    public FeatureTable {
        vocabulary = vocabulary == null ? null : List.copyOf(vocabulary);
        features = List.copyOf(features);
    }

    /// The table that a feature reads, or null where it is not embedded.
    static String nameOf(String name, Feature feature) {
        return switch (feature) {
            case Feature.Categorical categorical -> Objects.requireNonNullElse(categorical.table(), name);
            case Feature.Bag bag -> Objects.requireNonNullElse(bag.table(), name);
            case Feature.Sequence sequence -> Objects.requireNonNullElse(sequence.table(), name);
            case Feature.Numeric numeric -> numeric.scaling() == Scaling.QUANTILE ? name : null;
            case Feature.Dense _ -> null;
        };
    }

    /// All tables by name, in the order in which features first name them.
    ///
    /// @throws InputException where features that share a table contradict one another, or a sequence names a table
    ///     that no other feature has
    static Map<String, FeatureTable> resolve(Map<String, Feature> features) {
        Map<String, List<String>> readers = new LinkedHashMap<>();
        features.forEach((name, feature) -> {
            String table = nameOf(name, feature);
            if (table != null) {
                readers.computeIfAbsent(table, _ -> new ArrayList<>()).add(name);
            }
        });
        Map<String, FeatureTable> tables = new LinkedHashMap<>();
        readers.forEach((table, names) -> {
            checkOwners(table, names, features, readers);
            tables.put(table, join(table, names, features));
        });
        return tables;
    }

    private static void checkOwners(
            String table, List<String> names, Map<String, Feature> features, Map<String, List<String>> readers) {
        boolean owned = names.stream()
                .anyMatch(
                        name -> !(features.get(name) instanceof Feature.Sequence sequence && sequence.table() != null));
        if (!owned) {
            List<String> others = readers.keySet().stream()
                    .filter(name -> !name.equals(table))
                    .toList();
            throw new InputException(
                    "feature '" + names.getFirst() + "': expected the table of another feature, found '" + table + "'"
                            + NearestName.hint(table, others));
        }
        for (String name : names) {
            if (names.size() > 1 && features.get(name) instanceof Feature.Numeric) {
                throw new InputException("feature '" + name + "': expected a table of its own for its buckets, found '"
                        + table + "' shared by " + names);
            }
        }
    }

    private static FeatureTable join(String table, List<String> names, Map<String, Feature> features) {
        Integer dimension = null;
        List<String> vocabulary = null;
        for (String name : names) {
            Feature feature = features.get(name);
            dimension = agree(name, "dimension", table, dimension, dimensionOf(feature));
            vocabulary = agree(name, "vocabulary", table, vocabulary, vocabularyOf(feature));
        }
        int resolved = Objects.requireNonNullElse(dimension, Feature.DEFAULT_DIMENSION);
        return new FeatureTable(table, resolved, vocabulary, names);
    }

    private static <T> T agree(String name, String key, String table, T known, T found) {
        if (known != null && found != null && !known.equals(found)) {
            throw new InputException("feature '" + name + "': expected the " + key + " of table '" + table + "', "
                    + brief(known) + ", found " + brief(found));
        }
        return known == null ? found : known;
    }

    /// A vocabulary may be long, and a message is one line.
    private static String brief(Object value) {
        String text = value.toString();
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    private static Integer dimensionOf(Feature feature) {
        return switch (feature) {
            case Feature.Categorical categorical -> categorical.dimension();
            case Feature.Bag bag -> bag.dimension();
            case Feature.Sequence sequence -> sequence.dimension();
            case Feature.Numeric numeric -> numeric.dimension();
            case Feature.Dense _ -> null;
        };
    }

    private static List<String> vocabularyOf(Feature feature) {
        return feature instanceof Feature.Categorical categorical ? categorical.vocabulary() : null;
    }
}
