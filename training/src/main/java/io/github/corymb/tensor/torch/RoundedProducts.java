package io.github.corymb.tensor.torch;

import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Products in bfloat16 by those of float32: factors and results are rounded to bfloat16, and so are their gradients on
/// the way back. Between them nothing is lost, for the product of two such factors fits float32, in which they are
/// summed as where a processor multiplies bfloat16 itself. One that does not is an order of magnitude faster that way
/// than by libtorch's loops for it.
final class RoundedProducts {

    private RoundedProducts() {}

    /// Runs a forward pass of `step`, whose products ask [Step#roundsProducts].
    static <T> T during(Step step, Supplier<T> pass) {
        step.roundProducts(true);
        try {
            return pass.get();
        } finally {
            step.roundProducts(false);
        }
    }

    /// The nearest numbers of bfloat16, as float32.
    static Tensor rounded(Tensor tensor) {
        return tensor.to(torch.ScalarType.BFloat16).to(torch.ScalarType.Float);
    }
}
