package io.github.corymb.model;

import static io.github.corymb.network.Gate.mix;

import io.github.corymb.network.Activation;
import io.github.corymb.network.ExpertComputation;
import io.github.corymb.network.Experts;
import io.github.corymb.network.Gate;
import io.github.corymb.network.MlpSpec;
import io.github.corymb.network.Normalisation;
import io.github.corymb.tensor.ParameterStore;
import io.github.corymb.tensor.Tensor;
import java.util.List;

/// A mixture of experts under one gate for all tasks.
///
///     g(x) = softmax(W x)                  the gate
///     z(x) = Σ_i g(x)_i · f_i(x)           the mixture of the n experts
///     y_k  = h_k(z(x))                     tower of task k
///
/// Ma, Zhao, Yi, Chen, Hong & Chi, *Modeling Task Relationships in Multi-task Learning with Multi-gate
/// Mixture-of-Experts*, KDD 2018 (its "OMoE" baseline); after Jacobs, Jordan, Nowlan & Hinton, *Adaptive Mixtures of
/// Local Experts*, Neural Computation 3, 1991.
///
/// Input [B, D]. Parameters: `expert.i.layer.j.…`, `gate.weight` [n, D], `tower.<task>.…`.
public final class Omoe implements MultiTaskModel {

    private final Gate gate; // g: [B, D] → [B, n]
    private final Experts experts; // f_i: [B, D] → [B, n, H]
    private final List<Tower> towers; // h_k: [B, H] → [B, width]

    Omoe(ParameterStore store, int inputWidth, List<TaskHead> tasks, Spec spec) {
        gate = new Gate(store.scope("gate"), inputWidth, spec.experts(), spec.gateDropout());
        experts = new Experts(store, inputWidth, spec.experts(), spec.expertLayers(), spec.computation());
        towers = Tower.each(store, experts.outputWidth(), tasks, spec.towerLayers());
    }

    @Override
    public List<Tensor> forward(List<Tensor> inputs) {
        Tensor x = inputs.getFirst(); // [B, D]
        Tensor g = gate.forward(x); // [B, n]
        Tensor f = experts.forward(x); // [B, n, H]
        return Tower.forward(towers, mix(g, f)); // K × [B, width]
    }

    /// `{type: omoe, experts: 8, expert: [128, 64], tower: [32]}`.
    ///
    /// @param experts n
    /// @param expert widths of each f_i
    /// @param tower hidden widths of each h_k
    /// @param gateDropout probability that a row loses an expert while training
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
