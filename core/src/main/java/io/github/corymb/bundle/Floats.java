package io.github.corymb.bundle;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/// Memory for tensors that native code reads.
final class Floats {

    private Floats() {}

    /// `count` zeros outside the heap, in native byte order, released by the garbage collector.
    static FloatBuffer direct(int count) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(count, Float.BYTES))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }
}
