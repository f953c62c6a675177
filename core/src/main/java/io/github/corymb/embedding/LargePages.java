package io.github.corymb.embedding;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Memory straight from Linux, for which pages of 2 MB are asked; the system gives them where it has them
/// (`/sys/kernel/mm/transparent_hugepage/enabled`, `madvise` or `always`).
public final class LargePages {

    private static final long PAGE_SIZE = 2L << 20;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final int MADV_HUGEPAGE = 14;

    private static final boolean ARE_THERE = System.getProperty("os.name").equals("Linux")
            && LargePages.class.getModule().isNativeAccessEnabled();

    private LargePages() {}

    /// `size` bytes in zeros that go back when `arena` is closed, or none where the system refuses or is
    /// another.
    public static MemorySegment map(long size, Arena arena) {
        if (!ARE_THERE) {
            return MemorySegment.NULL;
        }
        long mappedSize = size + PAGE_SIZE; // so that a page of 2 MB begins somewhere in the first
        try {
            MemorySegment mapped = (MemorySegment) Calls.MMAP.invokeExact(
                    MemorySegment.NULL, mappedSize, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
            if (mapped.address() == -1) {
                return MemorySegment.NULL;
            }
            MemorySegment owned = mapped.reinterpret(mappedSize, arena, LargePages::unmap);
            MemorySegment aligned = owned.asSlice(-owned.address() & PAGE_SIZE - 1, size);
            int refused = (int) Calls.MADVISE.invokeExact(aligned, size, MADV_HUGEPAGE);
            assert refused <= 0; // small pages serve as well, only slower
            return aligned;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible); // a call of C throws nothing
        }
    }

    private static void unmap(MemorySegment mapped) {
        try {
            int refused = (int) Calls.MUNMAP.invokeExact(mapped, mapped.byteSize());
            assert refused == 0;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /// Bound when the first table grows large.
    private static final class Calls {
        private static final MethodHandle MMAP = bind(
                "mmap",
                FunctionDescriptor.of(
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG));
        private static final MethodHandle MADVISE = bind(
                "madvise",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
        private static final MethodHandle MUNMAP =
                bind("munmap", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));

        private static MethodHandle bind(String name, FunctionDescriptor descriptor) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
        }
    }
}
