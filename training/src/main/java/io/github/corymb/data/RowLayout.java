package io.github.corymb.data;

/// What a cached row consists of.
///
/// @param fieldCount F lists of keys
/// @param numericWidth N numbers
/// @param taskCount K labels and weights
record RowLayout(int fieldCount, int numericWidth, int taskCount) {

    /// Rows of a chunk of the cache, but for the last.
    static final int CHUNK_SHIFT = 16;

    static final int CHUNK_ROWS = 1 << CHUNK_SHIFT;
}
