package io.github.corymb.network;

import io.github.corymb.tensor.Initial;
import io.github.corymb.tensor.ParameterStore;
import io.github.corymb.tensor.Tensor;

/// One hidden layer: linear map, normalisation, activation, dropout. Under batch normalisation the linear map has no
/// bias, since the batch mean takes it away again.
final class MlpLayer {

    private static final double SLOPE = 0.25; // as in He et al. 2015
    private static final double MOMENTUM = 0.1;
    private static final double EPSILON = 1e-5;

    private final Linear linear;
    private final Normalisation normalisation;
    private final Activation activation;
    private final double dropout;
    private final Tensor scale; // [H], or null without normalisation
    private final Tensor shift; // [H], or null without normalisation
    private final Tensor runningMean; // [H], or null without batch normalisation
    private final Tensor runningVariance; // [H], or null without batch normalisation
    private final Tensor slope; // [1], or null without PReLU

    MlpLayer(ParameterStore store, int inputWidth, int width, MlpSpec spec) {
        normalisation = spec.normalisation();
        activation = spec.activation();
        dropout = spec.dropout();
        boolean batch = normalisation == Normalisation.BATCH;
        boolean normalised = normalisation != Normalisation.NONE;
        linear = batch ? Linear.withoutBias(store, inputWidth, width) : Linear.of(store, inputWidth, width);
        scale = normalised ? store.parameter("scale", new Initial.Constant(1), width) : null;
        shift = normalised ? store.parameter("shift", new Initial.Constant(0), width) : null;
        runningMean = batch ? store.buffer("running_mean", 0, width) : null;
        runningVariance = batch ? store.buffer("running_variance", 1, width) : null;
        slope = activation == Activation.PRELU ? store.parameter("slope", new Initial.Constant(SLOPE), 1) : null;
    }

    Tensor weight() {
        return linear.weight(); // [H, D]
    }

    boolean hasBias() {
        return linear.hasBias();
    }

    Tensor bias() {
        return linear.bias(); // [H]
    }

    /// Whether what follows the linear map has parameters of its own. Where it has none, [#finish] takes any shape.
    boolean finishHasParameters() {
        return normalisation != Normalisation.NONE || activation == Activation.PRELU;
    }

    Tensor forward(Tensor x) { // [B, D]
        return finish(linear.forward(x)); // [B, H]
    }

    /// What follows the linear map.
    Tensor finish(Tensor h) { // [B, H]
        Tensor active = activate(normalise(h)); // [B, H]
        return dropout > 0 ? active.dropout(dropout) : active;
    }

    private Tensor normalise(Tensor h) { // [B, H]
        return switch (normalisation) {
            case NONE -> h;
            case BATCH -> h.batchNorm(scale, shift, runningMean, runningVariance, MOMENTUM, EPSILON);
            case LAYER -> h.layerNorm(scale, shift, EPSILON);
        };
    }

    private Tensor activate(Tensor h) { // [B, H]
        return switch (activation) {
            case RELU -> h.relu();
            case PRELU -> h.prelu(slope);
            case SILU -> h.silu();
            case GELU -> h.gelu();
        };
    }
}
