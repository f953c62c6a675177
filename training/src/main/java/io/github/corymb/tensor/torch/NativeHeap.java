package io.github.corymb.tensor.torch;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Tells the C library to keep what a step frees for the next step. As it comes, it gives large blocks back to the system
/// and takes them anew, page by page: measured at more than half the time of a training step. Without `mallopt`, as
/// outside glibc, nothing is done.
final class NativeHeap {

    private static final int TRIM_THRESHOLD = -1; // M_TRIM_THRESHOLD: free bytes at the top before they go back
    private static final int TOP_PAD =
            -2; // M_TOP_PAD: a thread's heap of 64 MiB, once all free, stays if this is larger
    private static final int MMAP_THRESHOLD = -3; // M_MMAP_THRESHOLD: bytes from which a block is mapped by itself
    private static final int MMAP_THRESHOLD_LIMIT = 32 << 20; // more is refused

    private NativeHeap() {}

    static void keepFreedBlocks() {
        Linker linker = Linker.nativeLinker();
        linker.defaultLookup()
                .find("mallopt")
                .map(address -> mallopt(linker, address))
                .ifPresent(mallopt -> {
                    set(mallopt, MMAP_THRESHOLD, MMAP_THRESHOLD_LIMIT);
                    set(mallopt, TRIM_THRESHOLD, Integer.MAX_VALUE);
                    set(mallopt, TOP_PAD, 128 << 20);
                });
    }

    /// `int mallopt(int param, int value)`.
    private static MethodHandle mallopt(Linker linker, MemorySegment address) {
        return linker.downcallHandle(
                address, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    }

    private static void set(MethodHandle mallopt, int parameter, int value) {
        try {
            int _ = (int) mallopt.invokeExact(parameter, value);
        } catch (Throwable e) {
            throw new IllegalStateException("mallopt could not be called", e);
        }
    }
}
