package io.github.corymb.serving.server;

import com.linecorp.armeria.server.ServiceRequestContext;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// The threads that compute requests, and the bounded queue before them. What does not fit, waited too long or is not
/// wanted any more is not computed. Any number of threads.
final class ComputePool implements AutoCloseable {

    private final ThreadPoolExecutor threads;
    private final ServerMetrics metrics;
    private final long deadlineNanos;

    ComputePool(int threadCount, int queueLimit, Duration deadline, ServerMetrics metrics) {
        threads = new ThreadPoolExecutor(
                threadCount,
                threadCount,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(queueLimit),
                Thread.ofPlatform().name("rank-", 0).factory());
        deadlineNanos = deadline.toNanos();
        this.metrics = metrics;
        metrics.watch(threads);
    }

    /// The answer, or a failure that [RefusedException#of(Throwable)] reads.
    ///
    /// @param start of the request, as [System#nanoTime()] tells it
    <T> CompletableFuture<T> submit(ServiceRequestContext context, long start, Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(() -> inTime(context, start, work), threads);
        } catch (RejectedExecutionException full) {
            metrics.shed("queue");
            return CompletableFuture.failedFuture(new RefusedException(Refusal.BUSY, "too many requests wait", full));
        }
    }

    private <T> T inTime(ServiceRequestContext context, long start, Supplier<T> work) {
        if (System.nanoTime() - start > deadlineNanos || context.isTimedOut()) {
            metrics.shed("deadline");
            throw new RefusedException(Refusal.LATE, "the request waited longer than its deadline");
        }
        if (context.isCancelled()) {
            metrics.shed("cancelled");
            throw new RefusedException(Refusal.LATE, "the request is not wanted any more");
        }
        return work.get();
    }

    /// Whether a thread is free and nothing waits.
    boolean hasSpare() {
        return threads.getQueue().isEmpty() && threads.getActiveCount() < threads.getMaximumPoolSize();
    }

    /// What was submitted is computed, and no more is taken.
    @Override
    public void close() {
        threads.shutdown();
    }
}
