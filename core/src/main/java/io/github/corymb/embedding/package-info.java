/// Embedding tables that live off heap: from a 64-bit key to a row of weights beside its optimizer state, the pooled
/// rows of a batch as one buffer, and the update of the rows that a batch touched.
package io.github.corymb.embedding;
