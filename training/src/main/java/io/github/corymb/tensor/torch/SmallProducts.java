package io.github.corymb.tensor.torch;

import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Batched products of matrices so small that to begin each is most of its cost, such as the mixture of experts of
/// every row. Without oneDNN and MKL libtorch multiplies them one by one; here they are products element by element,
/// of all rows at once, and their sums.
final class SmallProducts {

    private static final long MOST = 2048; // multiplications a product, above which one by one is as fast
    private static final long LEAST = 400; // below which libtorch has loops of its own

    private SmallProducts() {}

    /// Whether [#of(Tensor, Tensor)] is the faster way.
    static boolean serve(Tensor left, Tensor right) {
        if (!TorchRuntime.multipliesOneByOne() || left.dim() != 3 || right.dim() != 3 || left.is_cuda()) {
            return false;
        }
        long count = left.size(1) * left.size(2) * right.size(2);
        return count >= LEAST && count <= MOST && isFloat(left) && isFloat(right);
    }

    /// @param left [B, m, k]
    /// @param right [B, k, n]
    /// @return [B, m, n]
    static Tensor of(Tensor left, Tensor right) {
        TensorVector rows = left.unbind(1); // m × [B, k]
        Tensor[] products = new Tensor[(int) rows.size()];
        for (int row = 0; row < products.length; row++) {
            Tensor terms = rows.get(row).unsqueeze(-1).mul(right); // [B, k, n]
            products[row] = terms.sum(new long[] {1}, false, new ScalarTypeOptional()); // [B, n]
        }
        return torch.stack(new TensorVector(products), 1); // [B, m, n]
    }

    private static boolean isFloat(Tensor tensor) {
        return tensor.scalar_type().intern() == torch.ScalarType.Float;
    }
}
