package io.github.corymb.tensor.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.tensor.Precision;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.BinaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SmallProductsTest {

    private static final long[] LEFT = {7, 2, 8}; // [B, m, k]
    private static final long[] RIGHT = {7, 8, 64}; // [B, k, n]

    @BeforeEach
    void start() {
        TorchRuntime.start(1, Precision.FLOAT32);
    }

    @Test
    void productsAndGradientsAreThoseOfLibtorch() {
        try (PointerScope _ = new PointerScope()) {
            Tensor left = torch.rand(LEFT);
            Tensor right = torch.rand(RIGHT);
            Tensor weight = torch.rand(7, 2, 64);
            assertArrayEquals(
                    resultAndGradients(Tensor::matmul, left, right, weight),
                    resultAndGradients(SmallProducts::of, left, right, weight),
                    1e-5f);
        }
    }

    /// Where a batch goes to a library that knows batches, or is of another size or type, libtorch has it.
    @Test
    void othersAreLeftToLibtorch() {
        try (PointerScope _ = new PointerScope()) {
            assertEquals(TorchRuntime.multipliesOneByOne(), SmallProducts.serve(torch.rand(LEFT), torch.rand(RIGHT)));
            assertFalse(SmallProducts.serve(torch.rand(7, 2, 8), torch.rand(7, 8, 24)));
            assertFalse(SmallProducts.serve(torch.rand(7, 2, 8), torch.rand(7, 8, 129)));
            assertFalse(SmallProducts.serve(torch.rand(7, 512), torch.rand(512, 2)));
            Tensor rounded = torch.rand(RIGHT).to(torch.ScalarType.BFloat16);
            assertFalse(SmallProducts.serve(torch.rand(LEFT), rounded));
        }
    }

    /// The product, and the gradients of both sides under the loss Σ weight · product, one behind the other.
    private static float[] resultAndGradients(
            BinaryOperator<Tensor> product, Tensor left, Tensor right, Tensor weight) {
        Tensor x = left.clone();
        Tensor y = right.clone();
        x.set_requires_grad(true);
        y.set_requires_grad(true);
        Tensor z = product.apply(x, y);
        z.backward(weight, new BoolOptional(), false, new TensorArrayRefOptional());
        Tensor all = z.detach().reshape(-1);
        for (Tensor gradient : new Tensor[] {x.grad(), y.grad()}) {
            assertTrue(gradient.defined());
            all = torch.cat(new TensorVector(all, gradient.reshape(-1)), 0);
        }
        MemorySegment values = NativeFloats.segment(all.contiguous());
        return values.toArray(ValueLayout.JAVA_FLOAT);
    }
}
