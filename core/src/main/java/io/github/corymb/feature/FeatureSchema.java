package io.github.corymb.feature;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// The features of a model by name, in the order of its input, with what was learned about them from the training
/// rows. It is what training and serving share: a bundle stores it as JSON, and the same rows are encoded from it to
/// the same bits. Immutable.
///
/// @param features at least one, in the order of the experiment file
/// @param statistics of numeric features, by name; empty until they are fitted
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.ALWAYS)
public record FeatureSchema(Map<String, Feature> features, Map<String, FeatureStatistics> statistics) {

    /// @throws InputException where the features contradict one another
    public FeatureSchema {
        features = Collections.unmodifiableMap(new LinkedHashMap<>(features));
        statistics = Collections.unmodifiableMap(new LinkedHashMap<>(statistics));
        if (features.isEmpty()) {
            throw new InputException("features: expected at least one, found none");
        }
        features.forEach((name, feature) -> {
            if (feature == null) {
                throw new InputException("feature '" + name + "': expected a type, found nothing");
            }
        });
        FeatureTable.resolve(features); // refuses what contradicts
    }

    /// Features of which nothing is learned yet.
    public FeatureSchema(Map<String, Feature> features) {
        this(features, Map.of());
    }

    public FeatureSchema withStatistics(Map<String, FeatureStatistics> fitted) {
        return new FeatureSchema(features, fitted);
    }

    /// The embedding tables by name, in the order in which features first name them.
    public Map<String, FeatureTable> tables() {
        return FeatureTable.resolve(features);
    }

    /// The embedded features in order: categorical, bag, sequence, and numeric in quantile buckets.
    public List<Field> fields() {
        Map<String, FeatureTable> tables = tables();
        List<Field> fields = new ArrayList<>();
        features.forEach((name, feature) -> {
            String table = FeatureTable.nameOf(name, feature);
            if (table != null) {
                int dimension = tables.get(table).dimension();
                fields.add(new Field(name, table, dimension, pooling(feature), feature.side()));
            }
        });
        return List.copyOf(fields);
    }

    /// How many inputs all embedded features have together, ΣD.
    public int embeddingWidth() {
        return fields().stream().mapToInt(Field::dimension).sum();
    }

    /// How many inputs a feature has that are not embedded; 0 for one that is.
    public int numericWidth(String name) {
        return numericWidth(features.get(name));
    }

    /// How many inputs the other features have together, N.
    public int numericWidth() {
        return features.values().stream().mapToInt(FeatureSchema::numericWidth).sum();
    }

    /// The columns it reads, each once.
    public List<String> columns() {
        return columns(_ -> true);
    }

    /// The columns that features of items read, or those that features of user and context do, each once.
    public List<String> columns(boolean ofItem) {
        return columns(feature -> (feature.side() == Side.ITEM) == ofItem);
    }

    private List<String> columns(Predicate<Feature> wanted) {
        return features.entrySet().stream()
                .filter(entry -> wanted.test(entry.getValue()))
                .map(entry -> entry.getValue().columnOr(entry.getKey()))
                .distinct()
                .toList();
    }

    /// An empty batch of the right widths.
    public Batch batch() {
        return new Batch(fields().size(), numericWidth());
    }

    static int numericWidth(Feature feature) {
        return switch (feature) {
            case Feature.Categorical _, Feature.Bag _, Feature.Sequence _ -> 0;
            case Feature.Numeric numeric -> numeric.scaling() == Scaling.QUANTILE ? 0 : 2;
            case Feature.Dense dense -> dense.length() + 1;
        };
    }

    private static Pooling pooling(Feature feature) {
        return switch (feature) {
            case Feature.Bag bag -> bag.pooling();
            case Feature.Sequence sequence -> sequence.pooling();
            case Feature.Categorical _, Feature.Numeric _, Feature.Dense _ -> Pooling.SUM; // of one row: itself
        };
    }
}
