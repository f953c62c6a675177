package io.github.corymb.feature;

import com.fasterxml.jackson.annotation.JsonProperty;

/// How a number x becomes an input of the model, with what [FeatureFitter] learned from the training rows. A constant
/// column scales by 1.
public enum Scaling {

    /// x
    @JsonProperty("none")
    NONE,

    /// (x − mean) / standard deviation
    @JsonProperty("standard")
    STANDARD,

    /// sign(x) · log(1 + |x|), then as [#STANDARD] with its own mean and standard deviation
    @JsonProperty("log")
    LOG,

    /// (x − minimum) / (maximum − minimum), clamped to [0, 1]
    @JsonProperty("min_max")
    MIN_MAX,

    /// the number of the bucket between two quantiles, which is looked up in a table like a category
    @JsonProperty("quantile")
    QUANTILE
}
