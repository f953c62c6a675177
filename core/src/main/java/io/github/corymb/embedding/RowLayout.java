package io.github.corymb.embedding;

/// What a row has: its weights, then the optimizer's floats. In a file they lie so, one behind the other; in a table
/// that learns, as [LearningRows] says.
///
/// @param dimension D
/// @param storage of the weights
/// @param stateWidth floats of the optimizer; 0 where rows only are looked up
record RowLayout(int dimension, Storage storage, int stateWidth) {

    /// Of rows that learn.
    static RowLayout of(int dimension, Storage storage, EmbeddingSpec spec) {
        return new RowLayout(dimension, storage, spec.stateWidth(dimension));
    }

    RowLayout withoutState() {
        return new RowLayout(dimension, storage, 0);
    }

    /// Where the optimizer's floats begin, in bytes; the weights begin at 0.
    long stateAt() {
        return storage.size(dimension);
    }

    /// Bytes from one row to the next, a multiple of 4.
    long rowSize() {
        return stateAt() + 4L * stateWidth;
    }
}
