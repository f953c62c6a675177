package io.github.corymb.tensor.torch;

import io.github.corymb.tensor.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import org.bytedeco.pytorch.global.torch;

/// Threads that divide the rows of a batch among them. Each runs a whole forward and backward pass over its own rows
/// on one core, with gradients of its own that are summed afterwards in order. libtorch by itself divides every single
/// operation instead, and waits some hundred times a step until the slowest is done: layers of common width gain
/// nothing from a second core that way.
///
/// There is one lane, the caller's own thread and libtorch's own division, on a GPU, where the model keeps buffers (the
/// moments of a batch are those of all its rows), and for a batch too small. The same number of threads gives the same
/// bits; another number rounds otherwise.
///
/// One caller at a time. Whoever made it closes it, before the engine.
public final class Lanes implements AutoCloseable {

    private static final int LEAST_ROWS = 128; // a lane; with fewer, handing over costs more than it gains

    private final List<ExecutorService> threads = new ArrayList<>();

    /// Divides an engine whose parameters are complete.
    ///
    /// @param threadCount how many lanes at most
    public Lanes(TorchEngine engine, int threadCount) {
        boolean divisible =
                engine.device() instanceof Device.Cpu && !engine.parameters().hasBuffers();
        int count = divisible ? threadCount : 1;
        engine.divide(count);
        for (int lane = 0; count > 1 && lane < count; lane++) {
            String name = "corymb-lane-" + lane;
            ExecutorService thread = Executors.newSingleThreadExecutor(
                    work -> Thread.ofPlatform().daemon().name(name).unstarted(work));
            threads.add(thread);
            await(thread.submit(Lanes::takeOneCore));
        }
        torch.set_num_threads(threadCount); // what threads that come later begin with
    }

    /// libtorch keeps a number for each thread, and takes the process' own as a thread's when it first asks for it.
    private static void takeOneCore() {
        torch.set_num_threads(1);
        int _ = torch.get_num_threads();
    }

    /// How many lanes a batch takes, at least 1.
    public int count(int rowCount) {
        return Math.max(1, Math.min(threads.size(), rowCount / LEAST_ROWS));
    }

    /// Does the work of each lane 0 … `count` − 1, at once on threads of their own if there are several, and returns
    /// after the last. A lane's work always runs on the same thread, for one `count`.
    ///
    /// @throws RuntimeException or Error as the first lane that failed threw; the others have run all the same
    public void run(int count, IntConsumer work) {
        if (count == 1) {
            work.accept(0);
            return;
        }
        TorchRuntime.divideProducts(false);
        List<Future<?>> running = new ArrayList<>(count);
        for (int lane = 0; lane < count; lane++) {
            int own = lane;
            running.add(threads.get(lane).submit(() -> work.accept(own)));
        }
        Throwable fault = null;
        for (Future<?> one : running) {
            Throwable thrown = await(one);
            fault = fault == null ? thrown : fault;
        }
        TorchRuntime.divideProducts(true);
        switch (fault) {
            case RuntimeException thrown -> throw thrown;
            case Error thrown -> throw thrown;
            case null, default -> {}
        }
    }

    /// What a lane's work threw, or null; an interrupt is kept for later, since the lane cannot be left alone.
    private static Throwable await(Future<?> work) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    work.get();
                    return null;
                } catch (ExecutionException e) {
                    return e.getCause();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        threads.forEach(ExecutorService::shutdown);
    }
}
