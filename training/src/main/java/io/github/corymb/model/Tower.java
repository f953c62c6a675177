package io.github.corymb.model;

import io.github.corymb.network.Linear;
import io.github.corymb.network.Mlp;
import io.github.corymb.network.MlpSpec;
import io.github.corymb.tensor.Initial;
import io.github.corymb.tensor.ParameterStore;
import io.github.corymb.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/// A task's own network: hidden layers, and a linear map to the task's outputs.
///
///     h_k(z) = W_k mlp_k(z) + b_k
///
/// [B, H] → [B, width of the task]. Parameters: `tower.<task>.layer.i.…`, `tower.<task>.output.weight`,
/// `tower.<task>.output.bias`, which starts at the task's bias.
final class Tower {

    private final Mlp hidden;
    private final Linear output;

    Tower(ParameterStore store, int inputWidth, TaskHead task, MlpSpec spec) {
        ParameterStore own = store.scope("tower").scope(task.name());
        hidden = new Mlp(own, inputWidth, spec);
        output = Linear.of(own.scope("output"), hidden.outputWidth(), task.width(), new Initial.Constant(task.bias()));
    }

    /// One tower a task, in the order of the tasks.
    static List<Tower> each(ParameterStore store, int inputWidth, List<TaskHead> tasks, MlpSpec spec) {
        return tasks.stream()
                .map(task -> new Tower(store, inputWidth, task, spec))
                .toList();
    }

    Tensor forward(Tensor z) { // [B, H]
        return output.forward(hidden.forward(z)); // [B, width]
    }

    /// Every tower over the same representation.
    static List<Tensor> forward(List<Tower> towers, Tensor z) { // [B, H]
        return towers.stream().map(tower -> tower.forward(z)).toList(); // K × [B, width]
    }

    /// Each tower over its own representation.
    static List<Tensor> forward(List<Tower> towers, List<Tensor> z) { // K × [B, H]
        return IntStream.range(0, towers.size())
                .mapToObj(k -> towers.get(k).forward(z.get(k)))
                .toList(); // K × [B, width]
    }
}
