package io.github.corymb.network;

import io.github.corymb.tensor.Initial;
import io.github.corymb.tensor.ParameterStore;
import io.github.corymb.tensor.Tensor;

/// An affine map.
///
///     y = x Wᵀ + b
///
/// Weights and biases start uniform in ±1/√D: a third of the variance of LeCun's 1/D, and the start that the common
/// frameworks give a linear layer, so that results compare. Parameters: `weight` [H, D], `bias` [H].
public final class Linear {

    private final Tensor weight; // [H, D]
    private final Tensor bias; // [H], or null where there is none

    private Linear(Tensor weight, Tensor bias) {
        this.weight = weight;
        this.bias = bias;
    }

    /// @param inputWidth D
    /// @param width H
    public static Linear of(ParameterStore store, int inputWidth, int width) {
        return of(store, inputWidth, width, start(inputWidth));
    }

    /// An affine map whose bias starts as said.
    public static Linear of(ParameterStore store, int inputWidth, int width, Initial bias) {
        return new Linear(
                store.parameter("weight", start(inputWidth), width, inputWidth), store.parameter("bias", bias, width));
    }

    /// y = x Wᵀ.
    public static Linear withoutBias(ParameterStore store, int inputWidth, int width) {
        return new Linear(store.parameter("weight", start(inputWidth), width, inputWidth), null);
    }

    public Tensor forward(Tensor x) { // [B, D]
        return bias == null ? x.linear(weight) : x.linear(weight, bias); // [B, H]
    }

    Tensor weight() {
        return weight; // [H, D]
    }

    boolean hasBias() {
        return bias != null;
    }

    Tensor bias() {
        return bias; // [H]
    }

    private static Initial start(int inputWidth) {
        return new Initial.Uniform(1 / Math.sqrt(inputWidth));
    }
}
