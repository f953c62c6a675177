package io.github.corymb.embedding;

import java.nio.FloatBuffer;

/// Receives rows of a table one by one.
@FunctionalInterface
public interface RowVisitor {

    /// @param key the row's key, or [EmbeddingTable#DEFAULT_KEY]
    /// @param weights the D weights, for reading, valid until the method returns
    void visit(long key, FloatBuffer weights);
}
