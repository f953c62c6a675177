package io.github.corymb.tensor;

/// Creates and owns a model's parameters (trained) and buffers (kept, not trained) by hierarchical name, such as
/// `expert.0.layer.1.weight`. Checkpoint, export and optimizer all iterate one store. A parameter's first value
/// depends on the seed and its name alone, never on the order of creation.
public interface ParameterStore {

    /// Creates a parameter; a name that is taken is an error. For a weight [.., H, D], fan-in is D and fan-out H.
    Tensor parameter(String name, Initial initial, long... shape);

    /// Creates a buffer, filled with `value`.
    Tensor buffer(String name, double value, long... shape);

    /// This store under a prefix: `scope("expert").scope("0")` names `expert.0.…`.
    default ParameterStore scope(String prefix) {
        return new ScopedParameterStore(this, prefix);
    }

    default ParameterStore scope(String prefix, int index) {
        return scope(prefix + "." + index);
    }
}
