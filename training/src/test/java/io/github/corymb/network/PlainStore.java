package io.github.corymb.network;

import io.github.corymb.tensor.Initial;
import io.github.corymb.tensor.ParameterStore;
import io.github.corymb.tensor.PlainTensor;
import io.github.corymb.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/// Parameters as [PlainTensor]s. Their values may be changed in place: what is built on them sees it.
///
/// A parameter starts by the seed and its name, or by an alias of it: parameters of one alias are one tensor. So two
/// models can be given the same parameters under different names.
public final class PlainStore implements ParameterStore {

    private final Map<String, PlainTensor> parameters = new LinkedHashMap<>();
    private final Map<String, PlainTensor> buffers = new LinkedHashMap<>();
    private final long seed;
    private final UnaryOperator<String> alias;

    public PlainStore(long seed) {
        this(seed, UnaryOperator.identity());
    }

    public PlainStore(long seed, UnaryOperator<String> alias) {
        this.seed = seed;
        this.alias = alias;
    }

    @Override
    public PlainTensor parameter(String name, Initial initial, long... shape) {
        return parameters.computeIfAbsent(alias.apply(name), key -> PlainTensor.of(start(key, initial, shape), shape));
    }

    @Override
    public Tensor buffer(String name, double value, long... shape) {
        double[] values = new double[size(shape)];
        Arrays.fill(values, value);
        return buffers.computeIfAbsent(name, _ -> PlainTensor.of(values, shape));
    }

    /// All parameters by alias, in the order of creation.
    public Map<String, PlainTensor> parameters() {
        return parameters;
    }

    public PlainTensor get(String name) {
        return parameters.get(name);
    }

    private double[] start(String name, Initial initial, long... shape) {
        SplittableRandom random = new SplittableRandom(seed * 31 + name.hashCode());
        double[] values = new double[size(shape)];
        Arrays.setAll(values, _ -> switch (initial) {
            case Initial.Constant(double value) -> value;
            case Initial.Uniform(double bound) -> random.nextDouble(-bound, bound);
            case Initial.GlorotUniform _, Initial.HeUniform _, Initial.Normal _ -> random.nextDouble(-0.5, 0.5);
        });
        return values;
    }

    private static int size(long... shape) {
        return (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }
}
