package io.github.corymb.data;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// How rows are divided into training, validation and test: `data.split` of the experiment file. `validation` and `test`
/// are shares of all rows, by default 0.1 each, 0 for none; the rest is trained on.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "by")
@JsonSubTypes({
    @JsonSubTypes.Type(value = SplitSpec.Time.class, name = "time"),
    @JsonSubTypes.Type(value = SplitSpec.Hash.class, name = "hash"),
    @JsonSubTypes.Type(value = SplitSpec.Random.class, name = "random"),
    @JsonSubTypes.Type(value = SplitSpec.Column.class, name = "column")
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface SplitSpec {

    double DEFAULT_SHARE = 0.1;

    /// The first rows by `column` are trained on, the last ones test. Rows of one value keep the order they came in.
    record Time(String column, Double validation, Double test) implements SplitSpec {
        public Time {
            requireColumn(column);
            validation = requireNonNullElse(validation, DEFAULT_SHARE);
            test = requireNonNullElse(test, DEFAULT_SHARE);
            checkShares(validation, test);
        }
    }

    /// All rows of one value of `column`, such as a user, fall on one side, by a hash of its text and the seed.
    record Hash(String column, Double validation, Double test) implements SplitSpec {
        public Hash {
            requireColumn(column);
            validation = requireNonNullElse(validation, DEFAULT_SHARE);
            test = requireNonNullElse(test, DEFAULT_SHARE);
            checkShares(validation, test);
        }
    }

    /// Rows are drawn by the seed; the counts are exact.
    record Random(Double validation, Double test) implements SplitSpec {
        public Random {
            validation = requireNonNullElse(validation, DEFAULT_SHARE);
            test = requireNonNullElse(test, DEFAULT_SHARE);
            checkShares(validation, test);
        }
    }

    /// `column` says it: `train`, `validation` or `test`.
    record Column(String column) implements SplitSpec {
        public Column {
            requireColumn(column);
        }
    }

    private static void requireColumn(String column) {
        if (column == null || column.isBlank()) {
            throw new IllegalArgumentException("column: expected the name of a column, found nothing");
        }
    }

    private static void checkShares(double validation, double test) {
        checkShare("validation", validation);
        checkShare("test", test);
        if (validation + test >= 1) {
            throw new IllegalArgumentException(
                    "validation: expected a share that leaves rows to train on, found " + validation + " + " + test);
        }
    }

    private static void checkShare(String key, double share) {
        if (!(share >= 0 && share < 1)) {
            throw new IllegalArgumentException(key + ": expected a share from 0 to below 1, found " + share);
        }
    }
}
