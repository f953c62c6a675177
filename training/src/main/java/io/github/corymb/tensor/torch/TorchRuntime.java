package io.github.corymb.tensor.torch;

import io.github.corymb.tensor.Device;
import io.github.corymb.tensor.Precision;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.Float32Backend;
import org.bytedeco.pytorch.global.torch.Float32Op;
import org.bytedeco.pytorch.global.torch.Float32Precision;

/// Loads libtorch and sets what it shares in the whole process.
final class TorchRuntime {

    /// What a product of float32 may be off, relative to Σ |aᵢ bᵢ|: far above its rounding (2⁻²⁴ a term), far below
    /// that of a shorter format (2⁻¹¹ for TF32, 2⁻⁹ for BF16).
    private static final double ROUNDING_LIMIT = 1e-6;

    private static volatile int blasThreads = 1; // of OpenBLAS, where one caller has it for itself

    private static volatile boolean multipliesOneByOne;

    private TorchRuntime() {}

    /// Loads libtorch; later calls find it loaded, and calls meanwhile wait.
    static void load() {
        // Off-heap tables are larger than the bounds that JavaCPP would put on native memory.
        setAbsent("org.bytedeco.javacpp.maxphysicalbytes", "0");
        setAbsent("org.bytedeco.javacpp.maxbytes", "0");
        CLibrary.keepFreedBlocks();
        // Threads that wait for each other sleep. Spinning gains nothing on a free machine, and on a busy one the
        // spinner takes the very core that the other waits for: ten times slower.
        CLibrary.setEnvironment("OMP_WAIT_POLICY", "passive");
        Mkl.open();
        TorchLibraries.open();
        Loader.load(torch.class);
    }

    /// @param precision of the training; the first of the process decides which instructions oneDNN may use
    static void start(int threads, Precision precision) {
        load();
        if (precision == Precision.FLOAT32) {
            // oneDNN reads it once, at its first product: AVX-512 without AMX, whose tiles would round float32.
            CLibrary.setEnvironment("ONEDNN_MAX_CPU_ISA", "AVX10_1_512");
        }
        try (PointerScope _ = new PointerScope()) {
            torch.set_num_threads(threads);
            boolean hasOneDnn = preferOneDnn();
            multipliesOneByOne = !hasOneDnn && !Mkl.isNamed();
            blasThreads = hasOneDnn ? 1 : threads;
            openblas_nolapack.blas_set_num_threads(blasThreads);
        }
    }

    /// Whether OpenBLAS, where it does the products, divides each among its threads. These are the process', so that
    /// two callers would take turns.
    static void divideProducts(boolean divide) {
        if (blasThreads > 1) {
            openblas_nolapack.blas_set_num_threads(divide ? blasThreads : 1);
        }
    }

    /// Whether a batch of float32 products is done one by one, as OpenBLAS, which knows no batches, has it.
    static boolean multipliesOneByOne() {
        return multipliesOneByOne;
    }

    /// Sends matrix products to oneDNN, twice as fast as OpenBLAS, and tells whether they go there. libtorch goes that
    /// way only with AVX-512, and where it may round to BF16. Only processors with AMX then do, in a process that began
    /// with bfloat16: where the products of a layer or of its gradients show it, OpenBLAS keeps the work and float32
    /// its precision. MKL keeps it too, where the user has named it.
    private static boolean preferOneDnn() {
        if (Mkl.isNamed() || endsAtAvx2()) {
            return false;
        }
        Context context = torch.globalContext();
        context.setFloat32Precision(Float32Backend.MKLDNN, Float32Op.MATMUL, Float32Precision.BF16);
        boolean exact = isExact();
        if (!exact) {
            context.setFloat32Precision(Float32Backend.MKLDNN, Float32Op.MATMUL, Float32Precision.IEEE);
        }
        return exact;
    }

    /// Whether this is an x86 processor without AVX-512, which oneDNN needs for bfloat16.
    static boolean endsAtAvx2() {
        return torch.get_cpu_capability().getString().equals("AVX2");
    }

    private static boolean isExact() {
        int rows = 64;
        int inner = 56;
        int columns = 48;
        float[] left = waves(rows * inner);
        float[] right = waves(inner * columns);
        try (PointerScope _ = new PointerScope()) {
            Tensor x = tensor(left, rows, inner);
            Tensor w = tensor(right, inner, columns);
            Tensor turned = w.t().contiguous(); // [columns, inner], as a layer's weight lies
            return isClose(x.matmul(w), left, right, inner, columns)
                    && isClose(x.matmul(turned.t()), left, right, inner, columns)
                    && isClose(x.t().contiguous().t().matmul(w), left, right, inner, columns);
        }
    }

    /// Numbers in [−1, 1] that no shorter format holds.
    private static float[] waves(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) Math.sin(i + 1);
        }
        return values;
    }

    private static Tensor tensor(float[] values, long... shape) {
        Tensor tensor = torch.empty(shape);
        MemorySegment.copy(values, 0, NativeFloats.segment(tensor), ValueLayout.JAVA_FLOAT, 0, values.length);
        return tensor;
    }

    private static boolean isClose(Tensor product, float[] left, float[] right, int inner, int columns) {
        MemorySegment values = NativeFloats.segment(product.contiguous());
        for (int i = 0; i < left.length / inner; i++) {
            for (int j = 0; j < columns; j++) {
                double sum = 0;
                double scale = 0;
                for (int k = 0; k < inner; k++) {
                    double term = (double) left[i * inner + k] * right[k * columns + j];
                    sum += term;
                    scale += Math.abs(term);
                }
                float value = values.getAtIndex(ValueLayout.JAVA_FLOAT, (long) i * columns + j);
                if (Math.abs(value - sum) > ROUNDING_LIMIT * scale) {
                    return false;
                }
            }
        }
        return true;
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
