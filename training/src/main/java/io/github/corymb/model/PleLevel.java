package io.github.corymb.model;

import static io.github.corymb.network.Gate.mix;

import io.github.corymb.network.Experts;
import io.github.corymb.network.Gate;
import io.github.corymb.tensor.ParameterStore;
import io.github.corymb.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// One extraction level of [Ple]. Parameters: `task.<task>.expert.i.…`, `task.<task>.gate.weight`,
/// `shared.expert.i.…`, and `shared.gate.weight` unless it is the last level.
final class PleLevel {

    /// What a level takes and gives: a representation a task, and the shared one, which the last level does not give.
    record State(List<Tensor> tasks, Tensor shared) {} // K × [B, H], [B, H] or null

    private final List<Experts> taskExperts; // E_k: [B, D] → [B, m_k, H]
    private final Experts sharedExperts; // E_s: [B, D] → [B, m_s, H]
    private final List<Gate> taskGates; // w_k: [B, D] → [B, m_k + m_s]
    private final Gate sharedGate; // w_s: [B, D] → [B, Σ_k m_k + m_s], or null in the last level

    PleLevel(ParameterStore store, int inputWidth, List<TaskHead> tasks, Ple.Spec spec, boolean last) {
        List<Integer> taskCounts = spec.taskExperts().counts(tasks); // m_k
        int sharedCount = spec.sharedExperts(); // m_s
        List<Experts> ownExperts = new ArrayList<>();
        List<Gate> ownGates = new ArrayList<>();
        for (int k = 0; k < tasks.size(); k++) {
            ParameterStore own = store.scope("task").scope(tasks.get(k).name());
            int count = taskCounts.get(k);
            ownExperts.add(new Experts(own, inputWidth, count, spec.expertLayers(), spec.computation()));
            ownGates.add(new Gate(own.scope("gate"), inputWidth, count + sharedCount, spec.gateDropout()));
        }
        ParameterStore shared = store.scope("shared");
        int allCount = taskCounts.stream().mapToInt(Integer::intValue).sum() + sharedCount;
        taskExperts = List.copyOf(ownExperts);
        taskGates = List.copyOf(ownGates);
        sharedExperts = new Experts(shared, inputWidth, sharedCount, spec.expertLayers(), spec.computation());
        sharedGate = last ? null : new Gate(shared.scope("gate"), inputWidth, allCount, spec.gateDropout());
    }

    int outputWidth() {
        return sharedExperts.outputWidth();
    }

    State forward(State x) {
        Tensor fromShared = sharedExperts.forward(x.shared()); // [B, m_s, H]
        List<Tensor> own = x.tasks(); // K × [B, D]
        List<Tensor> fromTasks = eachTask(k -> taskExperts.get(k).forward(own.get(k))); // K × [B, m_k, H]
        List<Tensor> mixtures = eachTask(k -> {
            Tensor gate = taskGates.get(k).forward(own.get(k)); // [B, m_k + m_s]
            return mix(gate, List.of(fromTasks.get(k), fromShared)); // [B, H]
        });
        if (sharedGate == null) {
            return new State(mixtures, null);
        }
        List<Tensor> all = new ArrayList<>(fromTasks);
        all.add(fromShared);
        return new State(mixtures, mix(sharedGate.forward(x.shared()), all)); // K × [B, H], [B, H]
    }

    private interface OfTask {
        Tensor apply(int k);
    }

    private List<Tensor> eachTask(OfTask map) {
        return IntStream.range(0, taskExperts.size()).mapToObj(map::apply).toList();
    }
}
