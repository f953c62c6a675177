package io.github.corymb.tensor.torch;

import io.github.corymb.tensor.Array;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Moves values between Java and the memory of contiguous float32 tensors that live on the CPU.
final class NativeFloats {

    private NativeFloats() {}

    /// The tensor's memory, borrowed: valid as long as the tensor lives.
    static MemorySegment segment(Tensor tensor) {
        if (tensor.numel() == 0) {
            return MemorySegment.NULL;
        }
        return MemorySegment.ofAddress(tensor.data_ptr().address()).reinterpret(tensor.numel() * Float.BYTES);
    }

    /// The tensor's memory as a buffer that refuses access once `scope` is closed.
    static FloatBuffer buffer(Tensor tensor, Arena scope) {
        return segment(tensor)
                .reinterpret(scope, null)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /// A copy of `count` values of a flat tensor, from `offset`.
    static Array copy(MemorySegment flat, long offset, long... shape) {
        Array array = Array.zeros(shape);
        MemorySegment target = MemorySegment.ofBuffer(array.values());
        MemorySegment.copy(flat, offset * Float.BYTES, target, 0, target.byteSize());
        return array;
    }

    static void write(Array array, MemorySegment flat, long offset) {
        MemorySegment source = MemorySegment.ofBuffer(array.values());
        MemorySegment.copy(source, 0, flat, offset * Float.BYTES, source.byteSize());
    }

    /// A tensor over the buffer's remaining values, without a copy. The caller keeps the buffer reachable.
    static Tensor wrap(FloatBuffer direct, long... shape) {
        return torch.from_blob(new FloatPointer(direct.slice()), shape);
    }

    /// This tensor's values, contiguous and on the CPU: itself where it is so already.
    static Tensor onCpu(Tensor tensor) {
        Tensor near = tensor.is_cpu() ? tensor : tensor.cpu();
        return near.is_contiguous() ? near : near.contiguous();
    }
}
