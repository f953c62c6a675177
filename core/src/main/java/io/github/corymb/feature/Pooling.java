package io.github.corymb.feature;

/// How the rows of a list of keys become one vector: their sum, or their mean. The empty list gives zeros.
public enum Pooling {
    SUM,
    MEAN
}
