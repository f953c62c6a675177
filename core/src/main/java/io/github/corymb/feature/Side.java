package io.github.corymb.feature;

/// Whom a feature describes. Serving computes what depends on the user and the context once a request, and what
/// depends on the item once a candidate.
public enum Side {
    USER,
    ITEM,
    CONTEXT
}
