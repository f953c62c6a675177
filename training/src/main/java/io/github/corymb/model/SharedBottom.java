package io.github.corymb.model;

import io.github.corymb.network.Activation;
import io.github.corymb.network.Mlp;
import io.github.corymb.network.MlpSpec;
import io.github.corymb.network.Normalisation;
import io.github.corymb.tensor.ParameterStore;
import io.github.corymb.tensor.Tensor;
import java.util.List;

/// One network for all tasks, and a tower a task on top.
///
///     y_k = h_k(f(x))
///
/// Caruana, *Multitask Learning*, Machine Learning 28, 1997.
///
/// Input [B, D]. Parameters: `bottom.layer.i.…`, `tower.<task>.…`.
public final class SharedBottom implements MultiTaskModel {

    private final Mlp bottom; // f: [B, D] → [B, H]
    private final List<Tower> towers; // h_k: [B, H] → [B, width]

    SharedBottom(ParameterStore store, int inputWidth, List<TaskHead> tasks, Spec spec) {
        bottom = new Mlp(store.scope("bottom"), inputWidth, spec.bottomLayers());
        towers = Tower.each(store, bottom.outputWidth(), tasks, spec.towerLayers());
    }

    @Override
    public List<Tensor> forward(List<Tensor> inputs) {
        Tensor x = inputs.getFirst(); // [B, D]
        Tensor f = bottom.forward(x); // [B, H]
        return Tower.forward(towers, f); // K × [B, width]
    }

    /// `{type: shared_bottom, bottom: [128, 64], tower: [32]}`.
    ///
    /// @param bottom widths of f; none leaves x as it is, so that tasks share the embedding tables alone
    /// @param tower hidden widths of each h_k
    public record Spec(
            List<Integer> bottom,
            List<Integer> tower,
            Activation activation,
            Double dropout,
            Normalisation normalisation)
            implements ModelSpec {

        public Spec {
            bottom = Expect.bottom(bottom);
            tower = Expect.tower(tower);
            activation = Expect.activation(activation);
            dropout = Expect.dropout(dropout);
            normalisation = Expect.normalisation(normalisation);
        }

        MlpSpec bottomLayers() {
            return new MlpSpec(bottom, activation, dropout, normalisation);
        }

        MlpSpec towerLayers() {
            return new MlpSpec(tower, activation, dropout, normalisation);
        }
    }
}
