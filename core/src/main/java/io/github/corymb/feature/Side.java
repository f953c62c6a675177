package io.github.corymb.feature;

import com.fasterxml.jackson.annotation.JsonProperty;

/// Whom a feature describes. Serving computes what depends on the user and the context once a request, and what
/// depends on the item once a candidate.
public enum Side {
    @JsonProperty("user")
    USER,

    @JsonProperty("item")
    ITEM,

    @JsonProperty("context")
    CONTEXT
}
