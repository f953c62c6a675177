package io.github.corymb.feature;

/// Writes one feature's column into its part of a batch. The kind of the column is looked at once, not once a row.
/// Immutable.
sealed interface ColumnEncoder permits CategoryEncoder, ListEncoder, BucketEncoder, NumberEncoder, DenseEncoder {

    /// Encodes the first `rowCount` rows into a batch that was reset to as many.
    ///
    /// @throws InputException for a value that the feature cannot be
    void encode(Column column, int rowCount, Place place, Batch into);
}
