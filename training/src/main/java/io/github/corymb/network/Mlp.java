package io.github.corymb.network;

import io.github.corymb.tensor.ParameterStore;
import io.github.corymb.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// A multi-layer perceptron of hidden layers alone.
///
///     h_0 = x
///     h_i = dropout(activation(normalise(W_i h_{i-1} + b_i)))
///
/// [B, D] → [B, H] with H the last width. Parameters: `layer.i.weight`, `layer.i.bias` (not under batch
/// normalisation), `layer.i.scale` and `layer.i.shift` (normalisation), `layer.i.slope` (PReLU); buffers:
/// `layer.i.running_mean`, `layer.i.running_variance` (batch normalisation).
public final class Mlp {

    private final List<MlpLayer> layers;
    private final int outputWidth;

    public Mlp(ParameterStore store, int inputWidth, MlpSpec spec) {
        List<MlpLayer> made = new ArrayList<>();
        int width = inputWidth;
        for (int layerWidth : spec.widths()) {
            made.add(new MlpLayer(store.scope("layer", made.size()), width, layerWidth, spec));
            width = layerWidth;
        }
        layers = List.copyOf(made);
        outputWidth = width;
    }

    /// H, or D without a layer.
    public int outputWidth() {
        return outputWidth;
    }

    public Tensor forward(Tensor x) { // [B, D]
        Tensor h = x;
        for (MlpLayer layer : layers) {
            h = layer.forward(h); // [B, width of the layer]
        }
        return h; // [B, H]
    }

    List<MlpLayer> layers() {
        return layers;
    }
}
