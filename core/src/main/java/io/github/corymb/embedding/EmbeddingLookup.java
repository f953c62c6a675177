package io.github.corymb.embedding;

import io.github.corymb.feature.Batch;
import java.nio.FloatBuffer;

/// The embedded fields of a schema, looked up and pooled: what evaluation, predicting and serving need.
///
/// For field f with D_f columns, row b and its keys k_1 … k_n, the columns of f hold the sum of the rows of the keys,
/// times 1/n where the field's pooling is the mean, and zeros where n is 0. A key without a row takes the table's
/// default row and is counted. Fields stand side by side in the order given.
public interface EmbeddingLookup extends AutoCloseable {

    /// ΣD, the columns of all fields together.
    int width();

    /// Fills the first B · ΣD places of `leaf` after its position; the position stays.
    ///
    /// @param leaf direct, in native byte order, at least B · ΣD remaining
    void gather(Batch batch, FloatBuffer leaf);

    /// Lookups so far whose key had no row.
    long unknownCount();

    @Override
    void close();
}
