package io.github.corymb.embedding;

/// Two rows a and b of a table to one embedding z, and the gradient of z back to both:
///
///     add        z = a + b        ∂a = ∂z          ∂b = ∂z
///     multiply   z = a ⊙ b        ∂a = ∂z ⊙ b      ∂b = ∂z ⊙ a
///
/// A key has both rows or neither; then z is the default row d alone, ∂d = ∂z.
final class RowComposition {

    private final RowKernel kernel;
    private final RowCodec codec;
    private final Hashing.Kind kind;
    private final RowLayout layout;
    private final Slabs rows;

    RowComposition(RowKernel kernel, TableContent table) {
        this.kernel = kernel;
        codec = RowCodec.of(kernel);
        kind = table.hashing().kind();
        layout = table.layout();
        rows = table.rows();
    }

    /// z of rows a and b.
    ///
    /// @param z address of D floats, as that of the spare ones
    void compose(int a, int b, long z, long spare) {
        int dimension = layout.dimension();
        read(a, z);
        if (a == EmbeddingTable.DEFAULT_ROW) {
            return;
        }
        if (kind == Hashing.Kind.ADD) {
            codec.add(layout.storage(), rows.at(b), z, dimension);
        } else {
            read(b, spare);
            kernel.multiply(spare, z, dimension);
        }
    }

    /// The gradients of rows a and b, D floats each, one behind the other.
    ///
    /// @param gradient of what z was added to, `factor` times
    /// @param spare address of D floats
    void split(int a, int b, long gradient, float factor, long target, long spare) {
        int dimension = layout.dimension();
        long second = target + 4L * dimension;
        Native.clear(target, 2 * 4L * dimension);
        kernel.addScaled(gradient, target, dimension, factor);
        if (a == EmbeddingTable.DEFAULT_ROW) {
            return;
        }
        if (kind == Hashing.Kind.ADD) {
            kernel.copy(target, second, dimension);
            return;
        }
        read(a, second);
        kernel.multiply(target, second, dimension);
        read(b, spare);
        kernel.multiply(spare, target, dimension);
    }

    private void read(int row, long target) {
        codec.read(layout.storage(), rows.at(row), target, layout.dimension());
    }
}
