package io.github.corymb.embedding;

import java.lang.foreign.Arena;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/// Memory outside the heap for tensors that native code reads. All that was taken goes back at once when it is closed,
/// and its buffers refuse access from then on; to wait for the garbage collector would be to wait for hours where
/// little is allocated.
///
/// Any number of threads. Whoever made it closes it, after the last use has ended.
public final class DirectFloats implements AutoCloseable {

    private final Arena arena = Arena.ofShared();

    /// `count` zeros in a direct buffer, in native byte order.
    public FloatBuffer zeros(int count) {
        return arena.allocate(Math.multiplyExact(count, Float.BYTES), Slabs.ALIGNMENT)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    @Override
    public void close() {
        arena.close();
    }
}
