package io.github.corymb.tensor.torch;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// Settings of the C library for this process. Where a function is missing, as `mallopt` outside glibc, nothing is
/// done.
final class CLibrary {

    private static final int TRIM_THRESHOLD = -1; // M_TRIM_THRESHOLD: free bytes at the top before they go back
    private static final int TOP_PAD = -2; // M_TOP_PAD: a thread's heap of 64 MiB, all free, stays if this is larger
    private static final int MMAP_THRESHOLD = -3; // M_MMAP_THRESHOLD: bytes from which a block is mapped by itself
    private static final int MMAP_THRESHOLD_LIMIT = 32 << 20; // more is refused

    private CLibrary() {}

    /// Keeps what a step frees for the next step. As it comes, the C library gives large blocks back to the system and
    /// takes them anew, page by page: measured at more than half the time of a training step.
    static void keepFreedBlocks() {
        FunctionDescriptor mallopt =
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
        function("mallopt", mallopt).ifPresent(call -> {
            set(call, MMAP_THRESHOLD, MMAP_THRESHOLD_LIMIT);
            set(call, TRIM_THRESHOLD, Integer.MAX_VALUE);
            set(call, TOP_PAD, 128 << 20);
        });
    }

    private static void set(MethodHandle mallopt, int parameter, int value) {
        try {
            int _ = (int) mallopt.invokeExact(parameter, value);
        } catch (Throwable e) {
            throw new IllegalStateException("mallopt could not be called", e);
        }
    }

    /// Sets a variable that libraries loaded later read; one that the user has set stays.
    static void setEnvironment(String name, String value) {
        FunctionDescriptor setenv = FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
        function("setenv", setenv).ifPresent(call -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment key = arena.allocateFrom(name);
                MemorySegment text = arena.allocateFrom(value);
                int _ = (int) call.invokeExact(key, text, 0);
            } catch (Throwable e) {
                throw new IllegalStateException("setenv could not be called", e);
            }
        });
    }

    private static Optional<MethodHandle> function(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup().find(name).map(address -> linker.downcallHandle(address, type));
    }
}
