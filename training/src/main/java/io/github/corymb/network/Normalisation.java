package io.github.corymb.network;

import com.fasterxml.jackson.annotation.JsonProperty;

/// How a hidden layer is normalised before its activation.
public enum Normalisation {
    @JsonProperty("none")
    NONE,
    /// Each column over the rows of the batch. Ioffe & Szegedy, *Batch Normalization*, ICML 2015.
    @JsonProperty("batch")
    BATCH,
    /// Each row over its columns. Ba, Kiros & Hinton, *Layer Normalization*, arXiv 1607.06450, 2016.
    @JsonProperty("layer")
    LAYER
}
