package io.github.corymb.tensor.torch;

import io.github.corymb.tensor.Device;
import java.util.function.Supplier;
import org.bytedeco.pytorch.global.torch;

/// libtorch's own choice of which operations take bfloat16: products do, sums over a batch and losses do not. It is a
/// setting of the thread.
final class Autocast {

    private Autocast() {}

    /// Runs a forward pass. The setting ends with it, because a backward pass takes the types that forward took; and so
    /// does the cache of rounded parameters, which the next step's would not match.
    static <T> T bfloat16(Device device, Supplier<T> pass) {
        torch.DeviceType type = device instanceof Device.Cpu ? torch.DeviceType.CPU : torch.DeviceType.CUDA;
        torch.set_autocast_dtype(type, torch.ScalarType.BFloat16);
        torch.set_autocast_enabled(type, true);
        try {
            return pass.get();
        } finally {
            torch.clear_cache();
            torch.set_autocast_enabled(type, false);
        }
    }
}
