package io.github.corymb.export;

import io.github.corymb.tensor.Array;
import io.github.corymb.tensor.Initial;
import io.github.corymb.tensor.ParameterStore;
import io.github.corymb.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;

/// The parameters and buffers of a trained model, which a model that is built upon this store takes as constants.
final class KnownParameters implements ParameterStore {

    private final GraphBuilder graph;
    private final Map<String, Array> values;

    KnownParameters(GraphBuilder graph, Map<String, Array> values) {
        this.graph = graph;
        this.values = values;
    }

    /// @throws IllegalArgumentException where there is no such parameter, or it has another shape
    @Override
    public Tensor parameter(String name, Initial initial, long... shape) {
        return known(name, shape);
    }

    @Override
    public Tensor buffer(String name, double value, long... shape) {
        return known(name, shape);
    }

    private Tensor known(String name, long... shape) {
        Array array = values.get(name);
        if (array == null || !Arrays.equals(array.shape(), shape)) {
            throw new IllegalArgumentException("parameter '%s': expected shape %s, found %s"
                    .formatted(name, Arrays.toString(shape), array == null ? "none" : Arrays.toString(array.shape())));
        }
        return RecordedTensor.constant(graph, name, ConstantArray.of(array));
    }
}
