package io.github.corymb.data;

import io.github.corymb.feature.Batch;

/// Some encoded rows on their way into the cache: the rows of one chunk of DuckDB.
///
/// @param inputs B rows
/// @param labels [K, B], 0 where there is none
/// @param weights [K, B], 0 where there is no label
/// @param users [B]
@SuppressWarnings("ArrayRecordComponent") // buffers that are lent, never compared
record EncodedRows(Batch inputs, float[][] labels, float[][] weights, long[] users) {}
