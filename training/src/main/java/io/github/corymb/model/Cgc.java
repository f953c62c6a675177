package io.github.corymb.model;

import io.github.corymb.network.Activation;
import io.github.corymb.network.ExpertComputation;
import io.github.corymb.network.Normalisation;
import io.github.corymb.tensor.ParameterStore;
import io.github.corymb.tensor.Tensor;
import java.util.List;

/// Customized gate control: [Ple] with one level.
///
///     S_k = [E_k,1(x) .. E_k,m_k(x), E_s,1(x) .. E_s,m_s(x)]       own and shared experts
///     y_k = h_k(softmax(W_k x) S_k)                                gate and tower of task k
///
/// Tang, Liu, Zhao & Gong, *Progressive Layered Extraction (PLE): A Novel Multi-Task Learning (MTL) Model for
/// Personalized Recommendations*, RecSys 2020.
///
/// Input [B, D]. Parameters as in [Ple], with level 0 alone.
public final class Cgc implements MultiTaskModel {

    private final Ple ple;

    Cgc(ParameterStore store, int inputWidth, List<TaskHead> tasks, Spec spec) {
        ple = new Ple(store, inputWidth, tasks, spec.oneLevel());
    }

    @Override
    public List<Tensor> forward(List<Tensor> inputs) { // [B, D]
        return ple.forward(inputs); // K × [B, width]
    }

    /// `{type: cgc, shared_experts: 4, task_experts: 2, expert: [128, 64], tower: [32]}`, as in [Ple.Spec].
    public record Spec(
            Integer sharedExperts,
            TaskExperts taskExperts,
            List<Integer> expert,
            List<Integer> tower,
            Activation activation,
            Double dropout,
            Normalisation normalisation,
            Double gateDropout,
            ExpertComputation computation)
            implements ModelSpec {

        public Spec {
            Ple.Spec checked = new Ple.Spec(
                    sharedExperts,
                    taskExperts,
                    1,
                    expert,
                    tower,
                    activation,
                    dropout,
                    normalisation,
                    gateDropout,
                    computation);
            sharedExperts = checked.sharedExperts();
            taskExperts = checked.taskExperts();
            expert = checked.expert();
            tower = checked.tower();
            activation = checked.activation();
            dropout = checked.dropout();
            normalisation = checked.normalisation();
            gateDropout = checked.gateDropout();
            computation = checked.computation();
        }

        Spec with(ExpertComputation way) {
            return new Spec(
                    sharedExperts, taskExperts, expert, tower, activation, dropout, normalisation, gateDropout, way);
        }

        Ple.Spec oneLevel() {
            return new Ple.Spec(
                    sharedExperts,
                    taskExperts,
                    1,
                    expert,
                    tower,
                    activation,
                    dropout,
                    normalisation,
                    gateDropout,
                    computation);
        }
    }
}
