package io.github.corymb.balance;

import java.util.Arrays;
import java.util.List;

/// The weights that the experiment file gives the tasks, in every step.
///
///     L = Σ_k w_k L_k
///
/// Xin, Ghorbani, Garg, Firat & Gilmer, *Do Current Multi-Task Optimization Methods in Deep Learning Even Help?*,
/// NeurIPS 2022: well-chosen fixed weights are as good as balancers that move them, hence the default.
///
/// Immutable: safe for use by several threads.
public final class StaticBalance implements LossBalancer {

    private final double[] weights; // [K]

    /// @param taskWeights each finite and at least 0
    public StaticBalance(List<Double> taskWeights) {
        weights = taskWeights.stream().mapToDouble(Double::doubleValue).toArray();
        for (double weight : weights) {
            if (!(weight >= 0 && Double.isFinite(weight))) {
                throw new IllegalArgumentException("weight: expected a finite number of at least 0, found " + weight);
            }
        }
    }

    @Override
    public double[] weights(double[] losses) {
        assert losses.length == weights.length : losses.length + " losses for " + weights.length + " tasks";
        return Arrays.copyOf(weights, weights.length); // [K]
    }

    /// `{type: static}`.
    public record Spec() implements BalanceSpec {}
}
