package io.github.corymb.bundle;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.github.corymb.feature.NearestName;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/// How the predictions of several tasks for the items of one request become one score an item. It bears its name
/// outside.
///
/// Constructors throw [IllegalArgumentException] with the key that is wrong.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Fusion.WeightedSum.class, name = "weighted_sum"),
    @JsonSubTypes.Type(value = Fusion.PowerProduct.class, name = "power_product"),
    @JsonSubTypes.Type(value = Fusion.RankSum.class, name = "rank_sum")
})
public sealed interface Fusion {

    /// What a prediction is raised to before its logarithm is taken: a product of powers of 0 would order nothing.
    double PREDICTION_MINIMUM = 1e-9;

    /// A number a task.
    Map<String, Double> weights();

    /// What a file calls its kind.
    default String type() {
        return switch (this) {
            case WeightedSum _ -> "weighted_sum";
            case PowerProduct _ -> "power_product";
            case RankSum _ -> "rank_sum";
        };
    }

    /// Refuses fusions that weigh what is no task of one output.
    ///
    /// @param key where they stand
    /// @param single the tasks that have one output
    /// @throws IllegalArgumentException naming the fusion and the task
    static void check(String key, Map<String, Fusion> fusions, Collection<String> single) {
        fusions.forEach((name, fusion) -> fusion.weights().keySet().forEach(task -> {
            if (!single.contains(task)) {
                throw new IllegalArgumentException("%s.%s: expected a binary or regression task, found '%s'%s"
                        .formatted(key, name, task, NearestName.hint(task, single)));
            }
        }));
    }

    /// The score of each item.
    ///
    /// @param predictions of a task by its name, one an item: n
    default double[] scores(Function<String, double[]> predictions, int itemCount) {
        double[] scores = new double[itemCount];
        weights().forEach((task, weight) -> {
            double[] p = predictions.apply(task);
            switch (this) {
                case WeightedSum _ -> {
                    for (int i = 0; i < itemCount; i++) {
                        scores[i] += weight * p[i];
                    }
                }
                case PowerProduct _ -> {
                    for (int i = 0; i < itemCount; i++) {
                        scores[i] += weight * Math.log(Math.max(p[i], PREDICTION_MINIMUM));
                    }
                }
                case RankSum _ -> {
                    double[] sorted = Arrays.copyOf(p, itemCount);
                    Arrays.sort(sorted);
                    for (int i = 0; i < itemCount; i++) {
                        scores[i] += weight * normalisedRank(sorted, p[i]);
                    }
                }
            }
        });
        return scores;
    }

    /// Σ_k w_k p_k
    record WeightedSum(Map<String, Double> weights) implements Fusion {

        public WeightedSum {
            weights = checked(weights);
        }
    }

    /// log Π_k max(p_k, 10⁻⁹)^w_k = Σ_k w_k log max(p_k, 10⁻⁹), which orders as the product does.
    record PowerProduct(Map<String, Double> weights) implements Fusion {

        public PowerProduct {
            weights = checked(weights);
        }
    }

    /// Σ_k w_k r_k, with r_k the item's place among all by p_k, from 0 for the least to 1 for the greatest: the mean of
    /// the places of equal ones, and 1/2 where all are equal.
    record RankSum(Map<String, Double> weights) implements Fusion {

        public RankSum {
            weights = checked(weights);
        }
    }

    private static double normalisedRank(double[] sorted, double value) {
        int below = lowerBound(sorted, value, false);
        int notAbove = lowerBound(sorted, value, true);
        return sorted.length == 1 ? 0.5 : (below + notAbove - 1) / 2.0 / (sorted.length - 1);
    }

    /// How many are below a value, or not above it.
    private static int lowerBound(double[] sorted, double value, boolean withEqual) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            int order = Double.compare(sorted[middle], value);
            if (order < 0 || (withEqual && order == 0)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static Map<String, Double> checked(Map<String, Double> weights) {
        if (weights == null || weights.isEmpty()) {
            throw new IllegalArgumentException("weights: expected a number a task, found none");
        }
        weights.forEach((task, weight) -> {
            if (weight == null || !Double.isFinite(weight)) {
                throw new IllegalArgumentException("weights." + task + ": expected a finite number, found " + weight);
            }
        });
        return Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    }
}
