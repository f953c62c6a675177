package io.github.corymb.embedding;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// How embedding rows begin and learn, as written in the experiment file:
/// `embedding: {optimizer: adagrad, rate: 0.05, l2: 0.000001}`.
///
/// With g the summed gradient of a row over the batch plus `l2` · w, η = `rate` times the schedule's factor,
/// and only rows that the batch looked up changing at all:
///
/// | optimizer | state a row | step |
/// |---|---|---|
/// | `row_wise_adagrad` | 1 | v += mean_j g_j² ; w -= η g / (√v + ε) |
/// | `adagrad` | D | v += g² ; w -= η g / (√v + ε) |
/// | `sgd` | none | w -= η g |
/// | `adam` | 2 D | m = β₁ m + (1-β₁) g ; v = β₂ v + (1-β₂) g² ; w -= η m̂ / (√v̂ + ε) |
///
/// Adam is lazy: the moments of a row that no batch looks up stand still, and m̂ = m / (1-β₁ᵗ),
/// v̂ = v / (1-β₂ᵗ) with t the step of the whole training, not the number of times the row was touched. The
/// first step of a row that is first seen late is thus (1-β₁) / √(1-β₂) · η, 3.2 η with the default β, where a
/// count per row would make it η.
///
/// Components that are null take their defaults.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "optimizer")
@JsonSubTypes({
    @JsonSubTypes.Type(value = EmbeddingSpec.RowWiseAdagrad.class, name = "row_wise_adagrad"),
    @JsonSubTypes.Type(value = EmbeddingSpec.Adagrad.class, name = "adagrad"),
    @JsonSubTypes.Type(value = EmbeddingSpec.Sgd.class, name = "sgd"),
    @JsonSubTypes.Type(value = EmbeddingSpec.Adam.class, name = "adam")
})
public sealed interface EmbeddingSpec {

    /// Standard deviation of a new row's weights where none is given: small against the unit scale of the numeric
    /// inputs, large enough that the first gradients of the layers above are not lost.
    double DEFAULT_INITIAL_SCALE = 0.05;

    /// Learning rate η before the schedule's factor.
    Double rate();

    /// Weight decay added to the gradient of each looked-up row, once a step: the gradient of l2/2 · |w|².
    Double l2();

    /// Standard deviation of the weights of a new row.
    Double initialScale();

    /// Probability p that a lookup in training takes the default row, so that ids never seen get a meaning; 0
    /// leaves the default row at zero.
    Double unknownShare();

    /// What a file without the section gets.
    static EmbeddingSpec standard() {
        return new Adagrad(null, null, null, null, null);
    }

    /// Name in experiment files.
    default String optimizerName() {
        return switch (this) {
            case RowWiseAdagrad _ -> "row_wise_adagrad";
            case Adagrad _ -> "adagrad";
            case Sgd _ -> "sgd";
            case Adam _ -> "adam";
        };
    }

    /// How many floats of optimizer state stand behind the D weights of a row.
    default int stateWidth(int dimension) {
        return switch (this) {
            case RowWiseAdagrad _ -> 1;
            case Adagrad _ -> dimension;
            case Sgd _ -> 0;
            case Adam _ -> 2 * dimension;
        };
    }

    /// Adagrad with one accumulator a row, as in FBGEMM, whose ε = 1e-8 is the default.
    record RowWiseAdagrad(Double rate, Double epsilon, Double l2, Double initialScale, Double unknownShare)
            implements EmbeddingSpec {
        public RowWiseAdagrad {
            rate = Knob.positive("rate", rate, 0.05);
            epsilon = Knob.positive("epsilon", epsilon, 1e-8);
            l2 = Knob.notNegative("l2", l2, 0);
            initialScale = Knob.notNegative("initial_scale", initialScale, DEFAULT_INITIAL_SCALE);
            unknownShare = Knob.share("unknown_share", unknownShare, 0);
        }
    }

    /// Duchi, Hazan, Singer: Adaptive Subgradient Methods for Online Learning and Stochastic Optimization, JMLR
    /// 2011. ε = 1e-10 as in PyTorch.
    record Adagrad(Double rate, Double epsilon, Double l2, Double initialScale, Double unknownShare)
            implements EmbeddingSpec {
        public Adagrad {
            rate = Knob.positive("rate", rate, 0.05);
            epsilon = Knob.positive("epsilon", epsilon, 1e-10);
            l2 = Knob.notNegative("l2", l2, 0);
            initialScale = Knob.notNegative("initial_scale", initialScale, DEFAULT_INITIAL_SCALE);
            unknownShare = Knob.share("unknown_share", unknownShare, 0);
        }
    }

    /// Plain gradient descent.
    record Sgd(Double rate, Double l2, Double initialScale, Double unknownShare) implements EmbeddingSpec {
        public Sgd {
            rate = Knob.positive("rate", rate, 0.05);
            l2 = Knob.notNegative("l2", l2, 0);
            initialScale = Knob.notNegative("initial_scale", initialScale, DEFAULT_INITIAL_SCALE);
            unknownShare = Knob.share("unknown_share", unknownShare, 0);
        }
    }

    /// Kingma, Ba: Adam: A Method for Stochastic Optimization, ICLR 2015. Differs from the paper: lazy, as said
    /// above.
    record Adam(
            Double rate,
            Double beta1,
            Double beta2,
            Double epsilon,
            Double l2,
            Double initialScale,
            Double unknownShare)
            implements EmbeddingSpec {
        public Adam {
            rate = Knob.positive("rate", rate, 0.001);
            beta1 = Knob.share("beta1", beta1, 0.9);
            beta2 = Knob.share("beta2", beta2, 0.999);
            epsilon = Knob.positive("epsilon", epsilon, 1e-8);
            l2 = Knob.notNegative("l2", l2, 0);
            initialScale = Knob.notNegative("initial_scale", initialScale, DEFAULT_INITIAL_SCALE);
            unknownShare = Knob.share("unknown_share", unknownShare, 0);
        }
    }
}
