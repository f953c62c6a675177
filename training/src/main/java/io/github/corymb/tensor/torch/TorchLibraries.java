package io.github.corymb.tensor.torch;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/// Opens the shared libraries of libtorch for CPUs on Linux one after the other, in the order in which they need each
/// other. JavaCPP would search for some thirty libraries of GPUs first, which takes as long as all the rest of a start.
final class TorchLibraries {

    private static final String OPENED_HERE = "org.bytedeco.javacpp.loadLibraries";

    private TorchLibraries() {}

    /// Opens them, unpacked to JavaCPP's cache if they are not there yet. Does nothing on other systems, with a
    /// libtorch for GPUs, or where that property of JavaCPP is set: JavaCPP then does it all when its classes are first
    /// used. Call before that; again has no effect, and a call meanwhile waits.
    static synchronized void open() {
        String platform = Loader.getPlatform();
        String openblas = "/org/bytedeco/openblas/" + platform + "/";
        String libtorch = "/org/bytedeco/pytorch/" + platform + "/";
        if (!platform.startsWith("linux")
                || System.getProperty(OPENED_HERE) != null
                || torch.class.getResource(libtorch + "libtorch_cuda.so") != null
                || torch.class.getResource(libtorch + "libtorch_cpu.so") == null) {
            return;
        }
        System.setProperty(OPENED_HERE, "false");
        try {
            openInOrder(platform, openblas, libtorch);
        } catch (IOException | UnsatisfiedLinkError _) {
            System.clearProperty(OPENED_HERE); // JavaCPP's own way takes longer and says better what is missing
        }
    }

    private static void openInOrder(String platform, String openblas, String libtorch) throws IOException {
        open(openblas_nolapack.class, openblas, "libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5");
        open(torch.class, libtorch, "libgomp.so.1");
        open(Loader.class, "/org/bytedeco/javacpp/" + platform + "/", "libjnijavacpp.so");
        open(openblas_nolapack.class, openblas, "libopenblas.so.0");
        nameAgain(
                Loader.cacheResource(openblas_nolapack.class, openblas + "libopenblas.so.0"),
                "libopenblas_nolapack.so.0");
        open(openblas_nolapack.class, openblas, "libjniopenblas_nolapack.so");
        open(torch.class, libtorch, "libc10.so", "libtorch_cpu.so", "libtorch.so", "libjnitorch.so");
    }

    private static void open(Class<?> artifact, String folder, String... libraries) throws IOException {
        for (String library : libraries) {
            System.load(Loader.cacheResource(artifact, folder + library).getPath());
        }
    }

    /// Gives OpenBLAS the second name that its Java side asks for. One file under two names is loaded once, so that the
    /// thread count set by the one is that of the other.
    private static void nameAgain(File library, String name) throws IOException {
        Path other = library.toPath().resolveSibling(name);
        try {
            if (Files.notExists(other)) {
                Files.createSymbolicLink(other, library.toPath().getFileName());
            }
        } catch (FileAlreadyExistsException _) {
            return; // another process has just made it
        }
    }
}
