package io.github.corymb.tensor.torch;

import io.github.corymb.tensor.Device;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/// Loads libtorch and sets what it shares in the whole process.
final class TorchRuntime {

    private TorchRuntime() {}

    /// Loads libtorch; later calls find it loaded, and calls meanwhile wait.
    static void load() {
        // Off-heap tables are larger than the bounds that JavaCPP would put on native memory.
        setAbsent("org.bytedeco.javacpp.maxphysicalbytes", "0");
        setAbsent("org.bytedeco.javacpp.maxbytes", "0");
        TorchLibraries.open();
        Loader.load(torch.class);
    }

    static void start(int threads) {
        load();
        torch.set_num_threads(threads);
        try (PointerScope _ = new PointerScope()) {
            openblas_nolapack.blas_set_num_threads(threads);
        }
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
