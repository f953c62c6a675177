package io.github.corymb.model;

import static io.github.corymb.network.Gate.mixEach;

import io.github.corymb.network.Activation;
import io.github.corymb.network.ExpertComputation;
import io.github.corymb.network.Experts;
import io.github.corymb.network.Gate;
import io.github.corymb.network.MlpSpec;
import io.github.corymb.network.Normalisation;
import io.github.corymb.tensor.ParameterStore;
import io.github.corymb.tensor.Tensor;
import java.util.List;

/// Multi-gate mixture of experts: shared experts, which each task mixes by a gate of its own.
///
///     g_k(x) = softmax(W_k x)              gate of task k
///     z_k(x) = Σ_i g_k(x)_i · f_i(x)       its mixture of the n shared experts
///     y_k    = h_k(z_k(x))                 its tower
///
/// Ma, Zhao, Yi, Chen, Hong & Chi, *Modeling Task Relationships in Multi-task Learning with Multi-gate
/// Mixture-of-Experts*, KDD 2018.
///
/// Differs from the paper: experts may have more than one layer, other activations, normalisation and dropout, and
/// gates may drop experts while training ([Gate]).
///
/// Input [B, D]. Parameters: `expert.i.layer.j.…`, `gate.<task>.weight` [n, D], `tower.<task>.…`.
public final class Mmoe implements MultiTaskModel {

    private final List<Gate> gates; // g_k: [B, D] → [B, n]
    private final Experts experts; // f_i: [B, D] → [B, n, H]
    private final List<Tower> towers; // h_k: [B, H] → [B, width]

    Mmoe(ParameterStore store, int inputWidth, List<TaskHead> tasks, Spec spec) {
        gates = tasks.stream()
                .map(task -> store.scope("gate").scope(task.name()))
                .map(own -> new Gate(own, inputWidth, spec.experts(), spec.gateDropout()))
                .toList();
        experts = new Experts(store, inputWidth, spec.experts(), spec.expertLayers(), spec.computation());
        towers = Tower.each(store, experts.outputWidth(), tasks, spec.towerLayers());
    }

    @Override
    public List<Tensor> forward(List<Tensor> inputs) {
        Tensor x = inputs.getFirst(); // [B, D]
        Tensor f = experts.forward(x); // [B, n, H]
        Tensor g = Gate.forwardEach(gates, x); // [B, K, n]
        List<Tensor> z = mixEach(g, f); // K × [B, H]
        return Tower.forward(towers, z); // K × [B, width]
    }

    /// `{type: mmoe, experts: 8, expert: [128, 64], tower: [32]}`.
    ///
    /// @param experts n
    /// @param expert widths of each f_i
    /// @param tower hidden widths of each h_k
    /// @param gateDropout probability that a row loses an expert in a gate while training
    public record Spec(
            Integer experts,
            List<Integer> expert,
            List<Integer> tower,
            Activation activation,
            Double dropout,
            Normalisation normalisation,
            Double gateDropout,
            ExpertComputation computation)
            implements ModelSpec {

        public Spec {
            experts = Expect.experts(experts);
            expert = Expect.expert(expert);
            tower = Expect.tower(tower);
            activation = Expect.activation(activation);
            dropout = Expect.dropout(dropout);
            normalisation = Expect.normalisation(normalisation);
            gateDropout = Expect.gateDropout(gateDropout);
            computation = Expect.computation(computation);
        }

        Spec with(ExpertComputation way) {
            return new Spec(experts, expert, tower, activation, dropout, normalisation, gateDropout, way);
        }

        MlpSpec expertLayers() {
            return new MlpSpec(expert, activation, dropout, normalisation);
        }

        MlpSpec towerLayers() {
            return new MlpSpec(tower, activation, dropout, normalisation);
        }
    }
}
