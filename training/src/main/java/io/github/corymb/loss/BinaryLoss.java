package io.github.corymb.loss;

import io.github.corymb.tensor.Tensor;

/// Binary cross entropy of a logit, the negative log likelihood of a Bernoulli variable.
///
///     l(z, y) = −y log σ(z) − (1 − y) log σ(−z)
///
/// Finite for every finite z, and exact at both ends: neither term is a difference of large numbers. y in [0, 1].
record BinaryLoss() implements TaskLoss {

    @Override
    public Tensor rows(Tensor output, Tensor label) { // [B, 1], [B, 1]
        Tensor negative = label.negate().add(1); // 1 − y [B, 1]
        Tensor ofOne = label.multiply(output.logSigmoid()); // [B, 1]
        Tensor ofZero = negative.multiply(output.negate().logSigmoid()); // [B, 1]
        return ofOne.add(ofZero).negate(); // [B, 1]
    }
}
