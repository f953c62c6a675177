package io.github.corymb.tensor;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// How dense parameters θ move along their gradient g at step t, with a rate η (times a scale that a schedule gives).
/// A component that is not given (`null`) takes its default, the one PyTorch has. `weightDecay` λ is L2
/// regularisation, added to the gradient as λ θ, but for [AdamW]. A value that cannot be is an
/// [IllegalArgumentException] that starts with the name of its key.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "optimizer")
@JsonSubTypes({
    @JsonSubTypes.Type(value = DenseOptimizer.Adam.class, name = "adam"),
    @JsonSubTypes.Type(value = DenseOptimizer.AdamW.class, name = "adamw"),
    @JsonSubTypes.Type(value = DenseOptimizer.Sgd.class, name = "sgd"),
    @JsonSubTypes.Type(value = DenseOptimizer.Adagrad.class, name = "adagrad")
})
public sealed interface DenseOptimizer {

    /// η, by default 0.001; for [Adagrad] 0.01.
    Double rate();

    /// λ, by default 0; for [AdamW] 0.01.
    Double weightDecay();

    ///     m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²
    ///     θ ← θ − η m̂ / (√v̂ + ε),  m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ)
    ///
    /// Kingma & Ba, ICLR 2015. Defaults β₁ 0.9, β₂ 0.999, ε 1e-8.
    record Adam(Double rate, Double beta1, Double beta2, Double epsilon, Double weightDecay) implements DenseOptimizer {
        public Adam {
            rate = atLeastZero("rate", rate, 1e-3);
            beta1 = share("beta1", beta1, 0.9);
            beta2 = share("beta2", beta2, 0.999);
            epsilon = aboveZero("epsilon", epsilon, 1e-8);
            weightDecay = atLeastZero("weight_decay", weightDecay, 0);
        }
    }

    /// [Adam] whose decay is apart from the gradient: first θ ← θ − η λ θ. Loshchilov & Hutter, ICLR 2019.
    record AdamW(Double rate, Double beta1, Double beta2, Double epsilon, Double weightDecay)
            implements DenseOptimizer {
        public AdamW {
            rate = atLeastZero("rate", rate, 1e-3);
            beta1 = share("beta1", beta1, 0.9);
            beta2 = share("beta2", beta2, 0.999);
            epsilon = aboveZero("epsilon", epsilon, 1e-8);
            weightDecay = atLeastZero("weight_decay", weightDecay, 1e-2);
        }
    }

    ///     b ← μ b + g,   θ ← θ − η b,   with `nesterov` θ ← θ − η (g + μ b)
    ///
    /// Sutskever et al., ICML 2013, as PyTorch writes it. Default momentum μ 0.
    record Sgd(Double rate, Double momentum, Boolean nesterov, Double weightDecay) implements DenseOptimizer {
        public Sgd {
            rate = atLeastZero("rate", rate, 1e-3);
            momentum = share("momentum", momentum, 0);
            nesterov = nesterov != null && nesterov;
            weightDecay = atLeastZero("weight_decay", weightDecay, 0);
            if (nesterov && momentum == 0) {
                throw new IllegalArgumentException("momentum: expected above 0 with nesterov, found 0.0");
            }
        }
    }

    ///     s ← s + g²,   θ ← θ − η g / (√s + ε)
    ///
    /// s starts at `initialAccumulator`. Duchi, Hazan & Singer, JMLR 2011. Defaults η 0.01, ε 1e-10, s₀ 0.
    record Adagrad(Double rate, Double epsilon, Double initialAccumulator, Double weightDecay)
            implements DenseOptimizer {
        public Adagrad {
            rate = atLeastZero("rate", rate, 1e-2);
            epsilon = aboveZero("epsilon", epsilon, 1e-10);
            initialAccumulator = atLeastZero("initial_accumulator", initialAccumulator, 0);
            weightDecay = atLeastZero("weight_decay", weightDecay, 0);
        }
    }

    private static double atLeastZero(String key, Double value, double otherwise) {
        if (value == null) {
            return otherwise;
        }
        if (!(value >= 0 && Double.isFinite(value))) {
            throw new IllegalArgumentException(key + ": expected at least 0, found " + value);
        }
        return value;
    }

    private static double aboveZero(String key, Double value, double otherwise) {
        if (value == null) {
            return otherwise;
        }
        if (!(value > 0 && Double.isFinite(value))) {
            throw new IllegalArgumentException(key + ": expected above 0, found " + value);
        }
        return value;
    }

    private static double share(String key, Double value, double otherwise) {
        if (value == null) {
            return otherwise;
        }
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(key + ": expected at least 0 and below 1, found " + value);
        }
        return value;
    }
}
