package io.github.corymb.feature;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.HashSet;
import java.util.List;

/// What the model learns to predict, as an entry of `tasks` in the experiment file. It bears its name outside. All
/// kinds have in common:
///
/// - `label`: SQL expression of the label; a row where it is NULL has no label and adds nothing
/// - `where`: SQL condition of the rows that carry a label, the sample space; null for all
/// - `weight`: what the task's loss is multiplied with, by default 1
/// - `row_weight`: SQL expression of what a row's loss is multiplied with, at least 0; null for 1
///
/// Constructors throw [IllegalArgumentException] with the key that is wrong.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Task.Binary.class, name = "binary"),
    @JsonSubTypes.Type(value = Task.Regression.class, name = "regression"),
    @JsonSubTypes.Type(value = Task.Multiclass.class, name = "multiclass")
})
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface Task {

    int CLASS_COUNT_LIMIT = 10_000;

    String label();

    String where();

    Double weight();

    String rowWeight();

    /// The name of the type in the experiment file.
    default String type() {
        return switch (this) {
            case Binary _ -> "binary";
            case Regression _ -> "regression";
            case Multiclass _ -> "multiclass";
        };
    }

    /// Whether something happens: the label is true or false, 1 or 0. The network gives its logit.
    record Binary(String label, String where, Double weight, String rowWeight) implements Task {

        public Binary {
            weight = requireNonNullElse(weight, 1.0);
            check(label, where, weight, rowWeight);
        }
    }

    /// A number. The network gives the number, or log(1 + the number).
    ///
    /// @param loss what is minimised, by default the squared error
    /// @param delta where the Huber loss turns from squared to absolute, by default 1; only with it
    /// @param scale whether the network works with the label y, the default, or with log(1 + y) of a y ≥ 0
    record Regression(
            String label,
            String where,
            Double weight,
            String rowWeight,
            RegressionLoss loss,
            Double delta,
            LabelScale scale)
            implements Task {

        public Regression {
            weight = requireNonNullElse(weight, 1.0);
            loss = requireNonNullElse(loss, RegressionLoss.SQUARED);
            scale = requireNonNullElse(scale, LabelScale.LINEAR);
            check(label, where, weight, rowWeight);
            if (loss == RegressionLoss.HUBER) {
                delta = requireNonNullElse(delta, 1.0);
                if (!(delta > 0 && Double.isFinite(delta))) {
                    throw new IllegalArgumentException("delta: expected a number above 0, found " + delta);
                }
            } else if (delta != null) {
                throw new IllegalArgumentException("delta: expected only with loss: huber");
            }
        }
    }

    /// One of several classes: the label is text or an integer. The network gives a logit a class.
    ///
    /// @param classes their names in the order of the logits; null takes those of the training rows, sorted
    record Multiclass(String label, String where, Double weight, String rowWeight, List<String> classes)
            implements Task {

        public Multiclass {
            weight = requireNonNullElse(weight, 1.0);
            check(label, where, weight, rowWeight);
            if (classes != null) {
                classes = List.copyOf(classes);
                Limit.range("classes", 2, CLASS_COUNT_LIMIT, classes.size());
                if (new HashSet<>(classes).size() < classes.size()) {
                    throw new IllegalArgumentException("classes: expected different names, found one twice");
                }
            }
        }
    }

    /// How the error e = prediction − label of a regression is counted.
    enum RegressionLoss {

        /// e²
        @JsonProperty("squared")
        SQUARED,

        /// |e|
        @JsonProperty("absolute")
        ABSOLUTE,

        /// e² / 2 where |e| ≤ δ, else δ (|e| − δ / 2)
        @JsonProperty("huber")
        HUBER
    }

    /// What the network of a regression predicts.
    enum LabelScale {

        /// the label y itself
        @JsonProperty("linear")
        LINEAR,

        /// log(1 + y)
        @JsonProperty("log")
        LOG
    }

    private static void check(String label, String where, double weight, String rowWeight) {
        Limit.requiredText("label", label);
        Limit.optionalText("where", where);
        Limit.optionalText("row_weight", rowWeight);
        if (!(weight >= 0 && Double.isFinite(weight))) {
            throw new IllegalArgumentException("weight: expected a number of at least 0, found " + weight);
        }
    }
}
