package io.github.corymb.network;

import com.fasterxml.jackson.annotation.JsonProperty;

/// How the experts of one level are computed. Both give the same values from the same parameters; which is faster
/// depends on their number, their widths, the batch and the device.
public enum ExpertComputation {
    /// All experts as one product a layer, over their weights laid side by side.
    @JsonProperty("batched")
    BATCHED,
    /// One expert after the other.
    @JsonProperty("looped")
    LOOPED
}
