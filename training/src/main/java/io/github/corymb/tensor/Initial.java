package io.github.corymb.tensor;

/// How a parameter starts.
public sealed interface Initial {

    /// Every element the same.
    record Constant(double value) implements Initial {}

    /// Uniform in ±√(6 / (fan-in + fan-out)). Glorot & Bengio, AISTATS 2010.
    record GlorotUniform() implements Initial {}

    /// Uniform in ±√(6 / fan-in), for rectified units. He et al., ICCV 2015.
    record HeUniform() implements Initial {}

    /// Uniform in ±bound.
    record Uniform(double bound) implements Initial {}

    /// Normal with mean 0.
    record Normal(double standardDeviation) implements Initial {}
}
