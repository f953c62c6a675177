package io.github.corymb.model;

import io.github.corymb.network.Activation;
import io.github.corymb.network.ExpertComputation;
import io.github.corymb.network.MlpSpec;
import io.github.corymb.network.Normalisation;
import io.github.corymb.tensor.ParameterStore;
import io.github.corymb.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Progressive layered extraction: levels of experts, some of a task's own and some shared, which separate step by
/// step what tasks share from what they do not.
///
///     x_k^0 = x_s^0 = x
///     S_k^j = [E_k,1(x_k^{j-1}) .. E_k,m_k(x_k^{j-1}), E_s,1(x_s^{j-1}) .. E_s,m_s(x_s^{j-1})]    own and shared
///     x_k^j = softmax(W_k^j x_k^{j-1}) S_k^j                       gate of task k at level j
///     S_s^j = [the experts of all tasks, the shared experts]
///     x_s^j = softmax(W_s^j x_s^{j-1}) S_s^j                       shared gate; the last level has none
///     y_k   = h_k(x_k^J)                                           tower
///
/// Tang, Liu, Zhao & Gong, *Progressive Layered Extraction (PLE): A Novel Multi-Task Learning (MTL) Model for
/// Personalized Recommendations*, RecSys 2020.
///
/// Differs from the paper: experts may have normalisation and dropout, and gates may drop experts while training
/// ([io.github.corymb.network.Gate]). One level is [Cgc].
///
/// Input [B, D]. Parameters: `level.j.task.<task>.expert.i.…`, `level.j.task.<task>.gate.weight` [m_k + m_s, ·],
/// `level.j.shared.expert.i.…`, `level.j.shared.gate.weight` [Σ_k m_k + m_s, ·], `tower.<task>.…`.
public final class Ple implements MultiTaskModel {

    private final List<PleLevel> levels; // J
    private final List<Tower> towers; // h_k: [B, H] → [B, width]

    Ple(ParameterStore store, int inputWidth, List<TaskHead> tasks, Spec spec) {
        List<PleLevel> made = new ArrayList<>();
        int width = inputWidth;
        for (int j = 0; j < spec.levels(); j++) {
            boolean last = j == spec.levels() - 1;
            made.add(new PleLevel(store.scope("level", j), width, tasks, spec, last));
            width = made.getLast().outputWidth();
        }
        levels = List.copyOf(made);
        towers = Tower.each(store, width, tasks, spec.towerLayers());
    }

    @Override
    public List<Tensor> forward(List<Tensor> inputs) {
        Tensor x = inputs.getFirst(); // [B, D]
        PleLevel.State state = new PleLevel.State(Collections.nCopies(towers.size(), x), x);
        for (PleLevel level : levels) {
            state = level.forward(state); // K × [B, H], [B, H]
        }
        return Tower.forward(towers, state.tasks()); // K × [B, width]
    }

    /// `{type: ple, shared_experts: 4, task_experts: 2, levels: 2, expert: [128, 64], tower: [32]}`.
    ///
    /// @param sharedExperts m_s
    /// @param taskExperts m_k
    /// @param levels J
    /// @param expert widths of each expert, in every level
    /// @param tower hidden widths of each h_k
    /// @param gateDropout probability that a row loses an expert in a gate while training
    public record Spec(
            Integer sharedExperts,
            TaskExperts taskExperts,
            Integer levels,
            List<Integer> expert,
            List<Integer> tower,
            Activation activation,
            Double dropout,
            Normalisation normalisation,
            Double gateDropout,
            ExpertComputation computation)
            implements ModelSpec {

        public Spec {
            sharedExperts = Expect.atLeastOne("shared_experts", sharedExperts, 4);
            taskExperts = taskExperts == null ? TaskExperts.of(2) : taskExperts;
            levels = Expect.atLeastOne("levels", levels, 2);
            expert = Expect.expert(expert);
            tower = Expect.tower(tower);
            activation = Expect.activation(activation);
            dropout = Expect.dropout(dropout);
            normalisation = Expect.normalisation(normalisation);
            gateDropout = Expect.gateDropout(gateDropout);
            computation = Expect.computation(computation);
        }

        Spec with(ExpertComputation way) {
            return new Spec(
                    sharedExperts,
                    taskExperts,
                    levels,
                    expert,
                    tower,
                    activation,
                    dropout,
                    normalisation,
                    gateDropout,
                    way);
        }

        MlpSpec expertLayers() {
            return new MlpSpec(expert, activation, dropout, normalisation);
        }

        MlpSpec towerLayers() {
            return new MlpSpec(tower, activation, dropout, normalisation);
        }
    }
}
