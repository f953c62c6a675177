package io.github.corymb.train;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// Loads native libraries on a thread of its own, once a process. A process that ends meanwhile waits for the library
/// that is being loaded: one that is still setting itself up while it is torn down crashes.
final class NativeLoader {

    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    private final Thread loader = Thread.ofPlatform()
            .daemon()
            .name("native-loader")
            .uncaughtExceptionHandler((_, _) -> {}) // it shows where the library is first used
            .unstarted(this::load);
    private final List<Runnable> libraries;
    private volatile boolean ending;

    private NativeLoader(List<Runnable> libraries) {
        this.libraries = libraries;
    }

    /// Begins, unless that was done before or the process ends.
    ///
    /// @param libraries each loads one, in this order
    static void begin(Runnable... libraries) {
        if (!BEGUN.compareAndSet(false, true)) {
            return;
        }
        NativeLoader natives = new NativeLoader(List.of(libraries));
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(natives::end, "native-loader-end"));
        } catch (IllegalStateException _) {
            return; // the process ends
        }
        natives.loader.start();
    }

    private void load() {
        for (Runnable library : libraries) {
            if (ending) {
                return;
            }
            library.run();
        }
    }

    private void end() {
        ending = true;
        try {
            loader.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
