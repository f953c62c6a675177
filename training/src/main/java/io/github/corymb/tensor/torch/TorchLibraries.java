package io.github.corymb.tensor.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
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
        open(openblas_nolapack.class, openblas, "libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5");
        open(torch.class, libtorch, "libgomp.so.1");
        open(Loader.class, "/org/bytedeco/javacpp/" + platform + "/", "libjnijavacpp.so");
        open(openblas_nolapack.class, openblas, "libopenblas.so.0", "libjniopenblas_nolapack.so");
        open(torch.class, libtorch, "libc10.so", "libtorch_cpu.so", "libtorch.so", "libjnitorch.so");
    }

    private static void open(Class<?> artifact, String folder, String... libraries) {
        for (String library : libraries) {
            try {
                System.load(Loader.cacheResource(artifact, folder + library).getPath());
            } catch (IOException fault) {
                throw new UncheckedIOException("cannot unpack " + library + " to JavaCPP's cache", fault);
            }
        }
    }
}
