package io.github.corymb.tensor.torch;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/// Intel's matrix library in the place of OpenBLAS, for those who have it and name its folder by the property
/// `corymb.mkl`. Opened globally before libtorch is, its `sgemm` is the one that libtorch finds.
final class Mkl {

    static final String FOLDER_PROPERTY = "corymb.mkl";

    private static final String LIBRARY = "libmkl_rt.so"; // with or without a version behind it
    private static final int RTLD_NOW = 2;
    private static final int RTLD_GLOBAL = 0x100;
    private static final int GNU_THREADS = 3; // MKL_THREADING_GNU: libtorch's own OpenMP
    private static final int LP64 = 0; // MKL_INTERFACE_LP64: 32-bit sizes, as libtorch calls it

    private Mkl() {}

    /// Whether the property names a folder.
    static boolean isNamed() {
        return !System.getProperty(FOLDER_PROPERTY, "").isEmpty();
    }

    /// Opens it where the property names its folder; again has no effect.
    ///
    /// @throws IllegalArgumentException where the folder holds no such library, or it cannot be opened
    static void open() {
        if (!isNamed()) {
            return;
        }
        String folder = System.getProperty(FOLDER_PROPERTY);
        Path library = library(Path.of(folder))
                .orElseThrow(() -> new IllegalArgumentException("-D%s: expected a folder with %s, found none in %s"
                        .formatted(FOLDER_PROPERTY, LIBRARY, folder)));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle =
                    (MemorySegment) function("dlopen", ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT)
                            .invokeExact(arena.allocateFrom(library.toString()), RTLD_NOW | RTLD_GLOBAL);
            if (handle.equals(MemorySegment.NULL)) {
                throw new IllegalArgumentException(
                        "-D%s: expected a library for this system, found %s, which cannot be opened"
                                .formatted(FOLDER_PROPERTY, library));
            }
            set(handle, arena, "MKL_Set_Threading_Layer", GNU_THREADS);
            set(handle, arena, "MKL_Set_Interface_Layer", LP64);
        } catch (RuntimeException problem) {
            throw problem;
        } catch (Throwable problem) {
            throw new IllegalStateException(library + " could not be opened", problem);
        }
    }

    private static Optional<Path> library(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(LIBRARY))
                    .max(Path::compareTo)
                    .map(Path::toAbsolutePath);
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static void set(MemorySegment library, Arena arena, String name, int value) throws Throwable {
        MemorySegment address =
                (MemorySegment) function("dlsym", ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS)
                        .invokeExact(library, arena.allocateFrom(name));
        FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
        int _ = (int) Linker.nativeLinker().downcallHandle(address, type).invokeExact(value);
    }

    private static MethodHandle function(String name, ValueLayout result, ValueLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments));
    }
}
