package io.github.corymb.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Whether the user wants the program to end. Ctrl-C and SIGTERM ask for it; the process then waits for [#close()], so
/// that a checkpoint can be written, at most [#PATIENCE_SECONDS].
///
/// Any number of threads may ask.
final class StopSignal implements AutoCloseable {

    /// A checkpoint of very large tables takes this long.
    private static final long PATIENCE_SECONDS = 600;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = new Thread(this::request, "stop-signal");
    private volatile boolean requested;

    private StopSignal() {}

    static StopSignal onInterrupt() {
        StopSignal signal = new StopSignal();
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
    }

    boolean isRequested() {
        return requested;
    }

    private void request() {
        requested = true;
        try {
            boolean _ = closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        if (!requested) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }
}
