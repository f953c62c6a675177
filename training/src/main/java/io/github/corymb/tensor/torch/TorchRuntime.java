package io.github.corymb.tensor.torch;

import io.github.corymb.tensor.Device;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.Float32Backend;
import org.bytedeco.pytorch.global.torch.Float32Op;
import org.bytedeco.pytorch.global.torch.Float32Precision;

/// Loads libtorch and sets what it shares in the whole process.
final class TorchRuntime {

    /// What a product of float32 may be off, relative to Σ |aᵢ bᵢ|: far above its rounding (2⁻²⁴ a term), far below that of
    /// a shorter format (2⁻¹¹ for TF32, 2⁻⁹ for BF16).
    private static final double ROUNDING_LIMIT = 1e-6;

    private TorchRuntime() {}

    static void start(int threads) {
        // Off-heap tables are larger than the bounds that JavaCPP would put on native memory.
        setAbsent("org.bytedeco.javacpp.maxphysicalbytes", "0");
        setAbsent("org.bytedeco.javacpp.maxbytes", "0");
        NativeHeap.keepFreedBlocks();
        try (PointerScope _ = new PointerScope()) {
            torch.set_num_threads(threads);
            openblas_nolapack.blas_set_num_threads(preferOneDnn() ? 1 : threads);
        }
    }

    /// Sends matrix products to oneDNN, twice as fast as OpenBLAS, and tells whether it stays so. libtorch goes that way
    /// only where it may round to BF16. Few processors then do, since only with AMX is that faster: where one does, by
    /// the products of a layer and of its gradients, OpenBLAS keeps the work and float32 its precision.
    private static boolean preferOneDnn() {
        Context context = torch.globalContext();
        context.setFloat32Precision(Float32Backend.MKLDNN, Float32Op.MATMUL, Float32Precision.BF16);
        boolean exact = isExact(256, 56, 128) && isExact(1024, 128, 512);
        if (!exact) {
            context.setFloat32Precision(Float32Backend.MKLDNN, Float32Op.MATMUL, Float32Precision.IEEE);
        }
        return exact;
    }

    private static boolean isExact(long rows, long inner, long columns) {
        try (PointerScope _ = new PointerScope()) {
            Tensor left = waves(rows, inner);
            Tensor right = waves(columns, inner);
            return isExact(left, right.t()) && isExact(right, left.t()) && isExact(left.t().contiguous(), left);
        }
    }

    /// Numbers in [−1, 1] that no shorter format holds.
    private static Tensor waves(long rows, long columns) {
        return torch.linspace(new Scalar(1.0), new Scalar((double) rows), rows * columns)
                .sin()
                .view(rows, columns); // [rows, columns]
    }

    private static boolean isExact(Tensor left, Tensor right) {
        Tensor wideLeft = left.to(torch.ScalarType.Double);
        Tensor wideRight = right.to(torch.ScalarType.Double);
        Tensor error = left.matmul(right).sub(wideLeft.matmul(wideRight)).abs();
        Tensor scale = wideLeft.abs().matmul(wideRight.abs());
        return error.div(scale).max().item_double() < ROUNDING_LIMIT;
    }

    /// The device as libtorch names it; [IllegalArgumentException] where it has none such.
    static org.bytedeco.pytorch.Device device(Device device) {
        switch (device) {
            case Device.Cpu() -> {}
            case Device.Cuda(int index) -> {
                int count = torch.cuda_is_available() ? torch.cuda_device_count() : 0;
                if (index >= count) {
                    throw new IllegalArgumentException("device: expected cpu or one of " + count
                            + " GPUs that this libtorch can use, found " + device.name());
                }
            }
        }
        return new org.bytedeco.pytorch.Device(device.name());
    }

    private static void setAbsent(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
