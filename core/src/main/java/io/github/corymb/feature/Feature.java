package io.github.corymb.feature;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.HashSet;
import java.util.List;

/// What the model is told about a row, as an entry of `features` in the experiment file. It bears its name outside.
/// All kinds have in common:
///
/// - `column`: the column it reads, by default the one named like the feature
/// - `side`: whom it describes, by default the context
/// - `label_derived`: true says that it is on purpose computed from the column of a label, such as a history of past
///   rows; otherwise that is refused
///
/// A component that is null was not given, and has no default of its own. A `table` is an embedding table, by default
/// one named like the feature; features that name one table share its rows, its `dimension` (by default 16) and its
/// vocabulary. Constructors throw [IllegalArgumentException] with the key that is wrong.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Feature.Categorical.class, name = "categorical"),
    @JsonSubTypes.Type(value = Feature.Bag.class, name = "bag"),
    @JsonSubTypes.Type(value = Feature.Sequence.class, name = "sequence"),
    @JsonSubTypes.Type(value = Feature.Numeric.class, name = "numeric"),
    @JsonSubTypes.Type(value = Feature.Dense.class, name = "dense")
})
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface Feature {

    int DEFAULT_DIMENSION = 16;
    int DIMENSION_LIMIT = 4096;

    Side side();

    String column();

    Boolean labelDerived();

    /// The column that the feature of this name reads.
    default String columnOr(String name) {
        return requireNonNullElse(column(), name);
    }

    /// One value a row, integer or text, hashed to a key: no vocabulary is needed. NULL is a value of its own.
    ///
    /// @param vocabulary the values that have rows of their own; all others share one. Null takes any value
    record Categorical(
            Side side, String column, Boolean labelDerived, String table, Integer dimension, List<String> vocabulary)
            implements Feature {

        public Categorical {
            side = requireNonNullElse(side, Side.CONTEXT);
            labelDerived = requireNonNullElse(labelDerived, false);
            Limit.optionalText("column", column);
            Limit.optionalText("table", table);
            Limit.optionalRange("dimension", 1, DIMENSION_LIMIT, dimension);
            dimension = table == null ? requireNonNullElse(dimension, DEFAULT_DIMENSION) : dimension;
            if (vocabulary != null) {
                vocabulary = List.copyOf(vocabulary);
                Limit.range("vocabulary", 1, 1_000_000, vocabulary.size());
                if (new HashSet<>(vocabulary).size() < vocabulary.size()) {
                    throw new IllegalArgumentException("vocabulary: expected different values, found one twice");
                }
            }
        }
    }

    /// Several values a row in no order, such as genres or tags. NULL is the empty bag.
    ///
    /// @param separator what stands between the values of a text; null for a column of lists
    /// @param limit how many values of a row count, the first ones
    record Bag(
            Side side,
            String column,
            Boolean labelDerived,
            String table,
            Integer dimension,
            Pooling pooling,
            String separator,
            Integer limit)
            implements Feature {

        public Bag {
            side = requireNonNullElse(side, Side.CONTEXT);
            labelDerived = requireNonNullElse(labelDerived, false);
            pooling = requireNonNullElse(pooling, Pooling.MEAN);
            limit = requireNonNullElse(limit, 1000);
            Limit.optionalText("column", column);
            Limit.optionalText("table", table);
            Limit.optionalRange("dimension", 1, DIMENSION_LIMIT, dimension);
            Limit.range("limit", 1, 100_000, limit);
            Limit.optionalSeparator(separator);
            dimension = table == null ? requireNonNullElse(dimension, DEFAULT_DIMENSION) : dimension;
        }
    }

    /// What happened before a row, oldest first, such as the items a user clicked. NULL is the empty sequence.
    ///
    /// @param table another feature's table, whose rows the entries are; null for a table of its own
    /// @param separator what stands between the entries of a text; null for a column of lists
    /// @param length how many entries of a row count, the last ones
    record Sequence(
            Side side,
            String column,
            Boolean labelDerived,
            String table,
            Integer dimension,
            Pooling pooling,
            String separator,
            Integer length)
            implements Feature {

        public Sequence {
            side = requireNonNullElse(side, Side.CONTEXT);
            labelDerived = requireNonNullElse(labelDerived, false);
            pooling = requireNonNullElse(pooling, Pooling.MEAN);
            length = requireNonNullElse(length, 50);
            Limit.optionalText("column", column);
            Limit.optionalText("table", table);
            Limit.optionalRange("dimension", 1, DIMENSION_LIMIT, dimension);
            Limit.range("length", 1, 100_000, length);
            Limit.optionalSeparator(separator);
            dimension = table == null ? requireNonNullElse(dimension, DEFAULT_DIMENSION) : dimension;
        }
    }

    /// A number. It takes two inputs: the scaled value, 0 where it is NULL, and 1 where it is NULL. In quantile buckets
    /// it takes an embedding instead, with a bucket of its own for NULL.
    ///
    /// @param buckets how many quantile buckets, by default 32
    /// @param dimension width of their embedding, by default 8
    record Numeric(Side side, String column, Boolean labelDerived, Scaling scaling, Integer buckets, Integer dimension)
            implements Feature {

        public Numeric {
            side = requireNonNullElse(side, Side.CONTEXT);
            labelDerived = requireNonNullElse(labelDerived, false);
            scaling = requireNonNullElse(scaling, Scaling.STANDARD);
            Limit.optionalText("column", column);
            Limit.optionalRange("buckets", 2, 10_000, buckets);
            Limit.optionalRange("dimension", 1, DIMENSION_LIMIT, dimension);
            if (scaling == Scaling.QUANTILE) {
                buckets = requireNonNullElse(buckets, 32);
                dimension = requireNonNullElse(dimension, 8);
            } else if (buckets != null || dimension != null) {
                String key = buckets != null ? "buckets" : "dimension";
                throw new IllegalArgumentException(key + ": expected only with scaling: quantile");
            }
        }
    }

    /// A vector of numbers from elsewhere, such as the embedding of a text, taken as it is. It takes `length` + 1
    /// inputs: the numbers, and 1 where it is NULL.
    record Dense(Side side, String column, Boolean labelDerived, Integer length) implements Feature {

        public Dense {
            side = requireNonNullElse(side, Side.CONTEXT);
            labelDerived = requireNonNullElse(labelDerived, false);
            Limit.optionalText("column", column);
            if (length == null) {
                throw new IllegalArgumentException("length: expected how many numbers a row has, found nothing");
            }
            Limit.range("length", 1, 65_536, length);
        }
    }
}
