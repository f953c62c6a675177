package io.github.corymb.model;

import io.github.corymb.tensor.Tensor;
import java.util.List;

/// A network from one representation of a row to one output a task. Every model works with any features, any tasks
/// and any balancer.
public interface MultiTaskModel {

    /// @param inputs what the embedding tables and the numeric features give: one tensor [B, D] that all tasks share,
    ///     or one [B, D] a task where the model asks for tables of its own per task ([ModelSpec#ownTables()])
    /// @return one tensor a task, in the order of the tasks: [B, 1] logits (binary) or values (regression), or
    ///     [B, classes] logits (multiclass)
    List<Tensor> forward(List<Tensor> inputs);
}
