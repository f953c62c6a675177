package io.github.corymb.embedding;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// How embedding rows begin and learn, as written in the experiment file:
/// `embedding: {optimizer: adagrad, rate: 0.05, l2: 0.000001}`.
///
/// With g the summed gradient of a row over the batch plus `l2` · w, η = `rate` times the schedule's factor,
/// and only rows that the batch looked up changing at all:
///
/// | optimizer | state a row | step u |
/// |---|---|---|
/// | `row_wise_adagrad` | 1 | v += mean_j g_j² ; u = η g / (√v + ε) |
/// | `adagrad` | D | v += g² ; u = η g / (√v + ε) |
/// | `sgd` | none, or D with momentum μ | m = μ m + g ; u = η m |
/// | `adam` | 2 D | m = β₁ m + (1-β₁) g ; v = β₂ v + (1-β₂) g² ; u = η m̂ / (√v̂ + ε) |
/// | `row_wise_adam` | D + 1 | the same with mean_j g_j² in place of g² |
/// | `ftrl` | 2 D | n' = n + g² ; z += g - (√n' - √n) / η · w ; n = n' ; then w itself, below |
///
/// The row then becomes (1 - η · `weight_decay`) w - s u, where s = 1 without a `row_clip` c, and otherwise bounds the
/// step by the row as it stands after the decay, s = min(1, c · max(|w|, 0.001) / |u|): You, Gitman, Ginsburg: Large
/// Batch Training of Convolutional Networks, 2017, used as an upper bound.
///
/// FTRL gives w = 0 where |z| ≤ `l1` and -sgn(z) (|z| - `l1`) / ((β + √n) / η + `l2`) elsewhere: McMahan et al.: Ad
/// Click Prediction: a View from the Trenches, KDD 2013. Its `l2` stands there and nowhere else, and it knows neither
/// `weight_decay` nor `row_clip`, since w follows from z and n.
///
/// Moments are lazy: those of a row that no batch looks up stand still. Adam's m̂ = m / (1-β₁ᵗ) and v̂ = v / (1-β₂ᵗ)
/// take t as the step of the whole training, not the number of times the row was touched. The first step of a row
/// that is first seen late is thus (1-β₁) / √(1-β₂) · η, 3.2 η with the default β, where a count per row would make
/// it η.
///
/// Components that are null take their defaults; `row_clip` stays null for no bound. Each record repeats the
/// components it shares with the others, because the keys of the file are flat and each optimizer knows its own.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "optimizer")
@JsonSubTypes({
    @JsonSubTypes.Type(value = EmbeddingSpec.RowWiseAdagrad.class, name = "row_wise_adagrad"),
    @JsonSubTypes.Type(value = EmbeddingSpec.Adagrad.class, name = "adagrad"),
    @JsonSubTypes.Type(value = EmbeddingSpec.Sgd.class, name = "sgd"),
    @JsonSubTypes.Type(value = EmbeddingSpec.Adam.class, name = "adam"),
    @JsonSubTypes.Type(value = EmbeddingSpec.RowWiseAdam.class, name = "row_wise_adam"),
    @JsonSubTypes.Type(value = EmbeddingSpec.Ftrl.class, name = "ftrl")
})
public sealed interface EmbeddingSpec {

    /// Standard deviation of a new row's weights where none is given: small against the unit scale of the numeric
    /// inputs, large enough that the first gradients of the layers above are not lost.
    double DEFAULT_INITIAL_SCALE = 0.05;

    /// Learning rate η before the schedule's factor.
    Double rate();

    /// Added to the gradient of each looked-up row, times w, once a step: the gradient of l2/2 · |w|². FTRL has its
    /// own place for it.
    Double l2();

    /// Share of each looked-up row that is taken off at rate 1, apart from the gradient.
    default Double weightDecay() {
        return 0.0;
    }

    /// The longest step in shares of the row's own length; null for any.
    default Double rowClip() {
        return null;
    }

    /// Standard deviation of the weights of a new row.
    Double initialScale();

    /// Probability p that a lookup in training takes the default row, so that ids never seen get a meaning; 0
    /// leaves the default row at zero.
    Double unknownShare();

    /// What a file without the section gets.
    static EmbeddingSpec standard() {
        return new Adagrad(null, null, null, null, null, null, null);
    }

    /// What kind of state stands behind the weights: the name in experiment files, and whether there is momentum.
    default String optimizerName() {
        return switch (this) {
            case RowWiseAdagrad _ -> "row_wise_adagrad";
            case Adagrad _ -> "adagrad";
            case Sgd sgd -> sgd.momentum() == 0 ? "sgd" : "sgd with momentum";
            case Adam _ -> "adam";
            case RowWiseAdam _ -> "row_wise_adam";
            case Ftrl _ -> "ftrl";
        };
    }

    /// How many floats of optimizer state stand behind the D weights of a row.
    default int stateWidth(int dimension) {
        return switch (this) {
            case RowWiseAdagrad _ -> 1;
            case Adagrad _ -> dimension;
            case Sgd sgd -> sgd.momentum() == 0 ? 0 : dimension;
            case Adam _, Ftrl _ -> 2 * dimension;
            case RowWiseAdam _ -> dimension + 1;
        };
    }

    /// Adagrad with one accumulator a row, as in FBGEMM, whose ε = 1e-8 is the default.
    record RowWiseAdagrad(
            Double rate,
            Double epsilon,
            Double l2,
            Double weightDecay,
            Double rowClip,
            Double initialScale,
            Double unknownShare)
            implements EmbeddingSpec {
        public RowWiseAdagrad {
            rate = Knob.positive("rate", rate, 0.05);
            epsilon = Knob.positive("epsilon", epsilon, 1e-8);
            l2 = Knob.l2(l2);
            weightDecay = Knob.weightDecay(weightDecay);
            rowClip = Knob.rowClip(rowClip);
            initialScale = Knob.initialScale(initialScale);
            unknownShare = Knob.unknownShare(unknownShare);
        }
    }

    /// Duchi, Hazan, Singer: Adaptive Subgradient Methods for Online Learning and Stochastic Optimization, JMLR
    /// 2011. ε = 1e-10 as in PyTorch.
    record Adagrad(
            Double rate,
            Double epsilon,
            Double l2,
            Double weightDecay,
            Double rowClip,
            Double initialScale,
            Double unknownShare)
            implements EmbeddingSpec {
        public Adagrad {
            rate = Knob.positive("rate", rate, 0.05);
            epsilon = Knob.positive("epsilon", epsilon, 1e-10);
            l2 = Knob.l2(l2);
            weightDecay = Knob.weightDecay(weightDecay);
            rowClip = Knob.rowClip(rowClip);
            initialScale = Knob.initialScale(initialScale);
            unknownShare = Knob.unknownShare(unknownShare);
        }
    }

    /// Gradient descent, plain or with momentum as in PyTorch (no dampening).
    record Sgd(
            Double rate,
            Double momentum,
            Double l2,
            Double weightDecay,
            Double rowClip,
            Double initialScale,
            Double unknownShare)
            implements EmbeddingSpec {
        public Sgd {
            rate = Knob.positive("rate", rate, 0.05);
            momentum = Knob.share("momentum", momentum, 0);
            l2 = Knob.l2(l2);
            weightDecay = Knob.weightDecay(weightDecay);
            rowClip = Knob.rowClip(rowClip);
            initialScale = Knob.initialScale(initialScale);
            unknownShare = Knob.unknownShare(unknownShare);
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
            Double weightDecay,
            Double rowClip,
            Double initialScale,
            Double unknownShare)
            implements EmbeddingSpec {
        public Adam {
            rate = Knob.positive("rate", rate, 0.001);
            beta1 = Knob.share("beta1", beta1, 0.9);
            beta2 = Knob.share("beta2", beta2, 0.999);
            epsilon = Knob.positive("epsilon", epsilon, 1e-8);
            l2 = Knob.l2(l2);
            weightDecay = Knob.weightDecay(weightDecay);
            rowClip = Knob.rowClip(rowClip);
            initialScale = Knob.initialScale(initialScale);
            unknownShare = Knob.unknownShare(unknownShare);
        }
    }

    /// Adam with one second moment a row, as in FBGEMM.
    record RowWiseAdam(
            Double rate,
            Double beta1,
            Double beta2,
            Double epsilon,
            Double l2,
            Double weightDecay,
            Double rowClip,
            Double initialScale,
            Double unknownShare)
            implements EmbeddingSpec {
        public RowWiseAdam {
            rate = Knob.positive("rate", rate, 0.001);
            beta1 = Knob.share("beta1", beta1, 0.9);
            beta2 = Knob.share("beta2", beta2, 0.999);
            epsilon = Knob.positive("epsilon", epsilon, 1e-8);
            l2 = Knob.l2(l2);
            weightDecay = Knob.weightDecay(weightDecay);
            rowClip = Knob.rowClip(rowClip);
            initialScale = Knob.initialScale(initialScale);
            unknownShare = Knob.unknownShare(unknownShare);
        }
    }

    /// Follow the regularised leader; β = 1 as in the paper.
    record Ftrl(Double rate, Double beta, Double l1, Double l2, Double initialScale, Double unknownShare)
            implements EmbeddingSpec {
        public Ftrl {
            rate = Knob.positive("rate", rate, 0.05);
            beta = Knob.notNegative("beta", beta, 1);
            l1 = Knob.notNegative("l1", l1, 0);
            l2 = Knob.l2(l2);
            initialScale = Knob.initialScale(initialScale);
            unknownShare = Knob.unknownShare(unknownShare);
        }
    }
}
