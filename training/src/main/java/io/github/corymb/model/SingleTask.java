package io.github.corymb.model;

import io.github.corymb.network.Activation;
import io.github.corymb.network.Mlp;
import io.github.corymb.network.MlpSpec;
import io.github.corymb.network.Normalisation;
import io.github.corymb.tensor.ParameterStore;
import io.github.corymb.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/// One network a task, which share nothing, not even embedding tables: what every multi-task model is compared with.
///
///     y_k = h_k(f_k(x_k))
///
/// Caruana, *Multitask Learning*, Machine Learning 28, 1997 (its "STL" baseline).
///
/// Inputs K × [B, D], a representation a task. Parameters: `bottom.<task>.layer.i.…`, `tower.<task>.…`.
public final class SingleTask implements MultiTaskModel {

    private final List<Mlp> bottoms; // f_k: [B, D] → [B, H]
    private final List<Tower> towers; // h_k: [B, H] → [B, width]

    SingleTask(ParameterStore store, int inputWidth, List<TaskHead> tasks, Spec spec) {
        bottoms = tasks.stream()
                .map(task -> new Mlp(store.scope("bottom").scope(task.name()), inputWidth, spec.bottomLayers()))
                .toList();
        towers = Tower.each(store, spec.bottomLayers().outputWidth(inputWidth), tasks, spec.towerLayers());
    }

    @Override
    public List<Tensor> forward(List<Tensor> inputs) { // K × [B, D]
        return IntStream.range(0, towers.size())
                .mapToObj(k -> towers.get(k).forward(bottoms.get(k).forward(inputs.get(k))))
                .toList(); // K × [B, width]
    }

    /// `{type: single_task, bottom: [128, 64], tower: [32]}`.
    ///
    /// @param bottom widths of each f_k; none leaves x_k as it is
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
