package io.github.corymb.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/// The `train.output_bias` of an experiment file: where the outputs of the task heads start.
///
/// The start is not neutral where data are few and epochs too. From zero, the first steps push every row that is
/// looked up towards the base rate, often seen ids furthest, so how popular an item is shows in its row before
/// anything else; from the label's mean they do not, and training starts calibrated.
public enum OutputBias {

    /// at what predicts best without inputs
    @JsonProperty("label_mean")
    LABEL_MEAN,

    /// at 0, as linear layers of other frameworks nearly do
    @JsonProperty("zero")
    ZERO
}
