package io.github.corymb.embedding;

import java.lang.foreign.Arena;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/// Memory outside the heap for tensors that native code reads. All that was taken goes back at once when it is closed,
/// and its buffers refuse access from then on; to wait for the garbage collector would be to wait for hours where
/// little is allocated.
///
/// A buffer begins at a cache line, so that rows of 16 floats lie in one line each.
///
/// Any number of threads. Whoever made it closes it, after the last use has ended.
public final class DirectFloats implements AutoCloseable {

    private final Arena arena = Arena.ofShared();

    /// `count` zeros in a direct buffer, in native byte order.
    public FloatBuffer zeros(int count) {
        return zeros(count, arena);
    }

    /// `count` zeros that go back when nobody holds the buffer any more: for few that are held long.
    public static FloatBuffer collected(int count) {
        return zeros(count, Arena.ofAuto());
    }

    private static FloatBuffer zeros(int count, Arena arena) {
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
