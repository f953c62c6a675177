package io.github.corymb.tensor;

/// A store that puts a prefix before every name.
record ScopedParameterStore(ParameterStore parent, String prefix) implements ParameterStore {

    @Override
    public Tensor parameter(String name, Initial initial, long... shape) {
        return parent.parameter(prefix + "." + name, initial, shape);
    }

    @Override
    public Tensor buffer(String name, double value, long... shape) {
        return parent.buffer(prefix + "." + name, value, shape);
    }
}
