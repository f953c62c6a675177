package io.github.corymb.metric;

import java.util.OptionalDouble;

/// Mean and sample standard deviation of a few results, one a seed for example.
///
///     mean = Σ x / k,   sd = √(Σ (x − mean)² / (k − 1))
///
/// The divisor is k − 1, not k: the seeds are a sample of all seeds.
///
/// @param mean the mean, finite
/// @param deviation the sample standard deviation; empty where there is one value only
/// @param count k, at least 1
public record MeanAndDeviation(double mean, OptionalDouble deviation, int count) {

    /// @throws IllegalArgumentException if there is no value
    public static MeanAndDeviation of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("values: expected at least 1, found 0");
        }
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        double mean = sum / values.length;
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        OptionalDouble deviation = values.length == 1
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.sqrt(squares / (values.length - 1)));
        return new MeanAndDeviation(mean, deviation, values.length);
    }
}
