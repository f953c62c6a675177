package io.github.corymb.metric;

/// What a task predicts, which decides the metrics that apply to it.
public enum TaskKind {
    /// the probability of label 1 against label 0
    BINARY,
    /// a number
    REGRESSION,
    /// a probability for each of C classes, labelled 0 to C − 1
    MULTICLASS
}
