package io.github.corymb.feature;

import com.fasterxml.jackson.annotation.JsonProperty;

/// How the rows of a list of keys become one vector: their sum, or their mean. The empty list gives zeros.
public enum Pooling {
    @JsonProperty("sum")
    SUM,

    @JsonProperty("mean")
    MEAN
}
