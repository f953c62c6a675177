package io.github.corymb.data;

/// What a cached row consists of, and how many rows stand in one chunk of the cache: 16,384, or fewer where a row is so
/// wide that they would take more than 64 MB.
///
/// @param fieldCount F lists of keys
/// @param numericWidth N numbers
/// @param taskCount K labels and weights
record RowLayout(int fieldCount, int numericWidth, int taskCount) {

    private static final int CHUNK_SHIFT_LIMIT = 14;
    private static final int CHUNK_FLOAT_LIMIT = 1 << 24;

    /// The binary logarithm of how many rows a chunk has, but for the last.
    int chunkShift() {
        int widthLimit = Integer.numberOfTrailingZeros(
                Integer.highestOneBit(Math.max(1, CHUNK_FLOAT_LIMIT / Math.max(1, numericWidth))));
        return Math.min(CHUNK_SHIFT_LIMIT, widthLimit);
    }

    int chunkRows() {
        return 1 << chunkShift();
    }
}
