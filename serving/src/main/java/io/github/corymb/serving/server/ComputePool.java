package io.github.corymb.serving.server;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.github.corymb.serving.RankerClosedException;
import io.github.corymb.serving.Ranking;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// The threads that compute requests, and the bounded queue before them. What does not fit, waited too long or is not
/// wanted any more is not computed.
///
/// A thread that has a request of a few items takes those that wait behind it along, as long as they are like it: one
/// run of the graph answers them all. None waits for company. Any number of threads.
final class ComputePool implements AutoCloseable {

    private final ThreadPoolExecutor threads;
    private final Scoring scoring;
    private final long deadlineNanos;
    private final int requestsPerRun;

    ComputePool(ServerOptions options, Scoring scoring) {
        threads = new ThreadPoolExecutor(
                options.computeThreads(),
                options.computeThreads(),
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(options.queueLimit()),
                Thread.ofPlatform().name("rank-", 0).factory());
        deadlineNanos = options.deadline().toNanos();
        requestsPerRun = options.requestsPerRun();
        this.scoring = scoring;
        scoring.metrics().watch(threads);
    }

    /// The answer, or a failure that [RefusedException#of(Throwable)] reads.
    ///
    /// @param start of the request, as [System#nanoTime()] tells it
    /// @param call what it asks, to be read by a thread that computes
    <T> CompletableFuture<T> submit(ServiceRequestContext context, long start, Supplier<Call<T>> call) {
        Waiting<T> waiting = new Waiting<>(context, start, call);
        try {
            threads.execute(waiting);
            return waiting.answer;
        } catch (RejectedExecutionException full) {
            scoring.metrics().shed("queue");
            return CompletableFuture.failedFuture(new RefusedException(Refusal.BUSY, "too many requests wait", full));
        }
    }

    /// A request on its way through the queue.
    private final class Waiting<T> implements Runnable {

        private final ServiceRequestContext context;
        private final long start;
        private final Supplier<Call<T>> call;
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private Reading<T> reading; // once it is read

        Waiting(ServiceRequestContext context, long start, Supplier<Call<T>> call) {
            this.context = context;
            this.start = start;
            this.call = call;
        }

        @Override
        public void run() {
            compute(this);
        }

        /// @return whether there is something to rank
        boolean read() {
            try {
                requireInTime(context, start);
                reading = scoring.read(call);
                return true;
            } catch (RuntimeException | Error fault) {
                answer.completeExceptionally(fault);
                return false;
            }
        }

        /// Whether one run can answer both.
        boolean isLike(Waiting<?> other) {
            return reading.isSmall() && reading.version().equals(other.reading.version());
        }

        void answer() {
            answerBy(() -> scoring.answer(reading));
        }

        void answer(CompletableFuture<Ranking> ranking) {
            answerBy(() -> scoring.answer(reading, ranking.join()));
        }

        private void answerBy(Supplier<T> answered) {
            try {
                answer.complete(answered.get());
            } catch (RuntimeException | Error fault) {
                answer.completeExceptionally(fault);
            }
        }
    }

    private void compute(Waiting<?> first) {
        Waiting<?> next = first.read() ? first : null;
        while (next != null) {
            List<Waiting<?>> together = new ArrayList<>(List.of(next));
            next = next.reading.isSmall() ? takeAlong(together) : null;
            answer(together);
        }
    }

    /// Adds requests that wait, until there are enough, or none waits, or one is another.
    ///
    /// @return that other one, or null
    private Waiting<?> takeAlong(List<Waiting<?>> together) {
        while (together.size() < requestsPerRun) {
            Waiting<?> waiting = (Waiting<?>) threads.getQueue().poll();
            if (waiting == null) {
                return null;
            }
            if (waiting.read()) {
                if (!waiting.isLike(together.getFirst())) {
                    return waiting;
                }
                together.add(waiting);
            }
        }
        return null;
    }

    private void answer(List<Waiting<?>> together) {
        if (together.size() == 1) {
            together.getFirst().answer();
            return;
        }
        List<CompletableFuture<Ranking>> rankings;
        try {
            rankings = scoring.rank(
                    together.stream().<Reading<?>>map(each -> each.reading).toList());
        } catch (RankerClosedException closed) {
            together.forEach(Waiting::answer);
            return;
        } catch (RuntimeException | Error fault) {
            together.forEach(each -> each.answer.completeExceptionally(fault));
            return;
        }
        for (int at = 0; at < rankings.size(); at++) {
            together.get(at).answer(rankings.get(at));
        }
    }

    private void requireInTime(ServiceRequestContext context, long start) {
        if (System.nanoTime() - start > deadlineNanos || context.isTimedOut()) {
            scoring.metrics().shed("deadline");
            throw new RefusedException(Refusal.LATE, "the request waited longer than its deadline");
        }
        if (context.isCancelled()) {
            scoring.metrics().shed("cancelled");
            throw new RefusedException(Refusal.LATE, "the request is not wanted any more");
        }
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
