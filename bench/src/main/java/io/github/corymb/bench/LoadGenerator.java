package io.github.corymb.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/// Asks a server from some connections, each with a thread of its own.
///
/// Where moments are fixed beforehand, a request counts from the moment that it was meant for, so that a server which
/// makes later requests wait is not spared that wait ("coordinated omission").
final class LoadGenerator {

    private static final long MICROS_LIMIT = TimeUnit.MINUTES.toMicros(1);

    /// A connection's side: asks, and looks at the answer.
    interface Caller extends AutoCloseable {

        /// @param request counted over all connections from 0
        /// @return whether the answer is as it should be
        boolean call(long request) throws IOException;

        @Override
        void close() throws IOException;
    }

    /// Opens a connection.
    @FunctionalInterface
    interface Callers {
        Caller open() throws IOException;
    }

    /// When a request is meant to be sent, in nanoseconds after the start.
    @FunctionalInterface
    interface Schedule {
        double at(long request);
    }

    /// @param micros how long requests took
    /// @param failed how many were not as they should be
    /// @param seconds from the first to the last
    record Result(Histogram micros, long failed, double seconds) {

        double rate() {
            return micros.getTotalCount() / seconds;
        }

        double millis(double percentile) {
            return micros.getValueAtPercentile(percentile) / 1e3;
        }

        String words() {
            return String.format(
                    Locale.ROOT,
                    "p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, p99 by p50 %.1f ×, %,d requests, %d failed",
                    millis(50),
                    millis(99),
                    millis(99.9),
                    millis(99) / millis(50),
                    micros.getTotalCount(),
                    failed);
        }
    }

    private final Callers callers;
    private final int connectionCount;

    LoadGenerator(Callers callers, int connectionCount) {
        this.callers = callers;
        this.connectionCount = connectionCount;
    }

    /// Every connection asks again as soon as it has its answer.
    Result closed(double seconds) throws IOException {
        return run(_ -> 0, seconds);
    }

    /// Requests come evenly, whatever becomes of those before.
    ///
    /// @param rate of all, per second
    Result even(double rate, double seconds) throws IOException {
        return run(request -> request / rate * 1e9, seconds);
    }

    private Result run(Schedule schedule, double seconds) throws IOException {
        AtomicLong next = new AtomicLong();
        List<Caller> open = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(connectionCount)) {
            for (int connection = 0; connection < connectionCount; connection++) {
                Caller caller = callers.open();
                open.add(caller);
                caller.call(connection); // what it takes to make a connection is not what a request takes
            }
            long start = System.nanoTime();
            List<Future<Result>> parts = new ArrayList<>();
            for (Caller caller : open) {
                parts.add(threads.submit(() -> ask(caller, schedule, next, start, (long) (seconds * 1e9))));
            }
            Histogram micros = histogram();
            long failed = 0;
            for (Future<Result> part : parts) {
                micros.add(part.get().micros());
                failed += part.get().failed();
            }
            return new Result(micros, failed, Session.secondsSince(start));
        } catch (ExecutionException fault) {
            throw new IOException(fault.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        } finally {
            for (Caller caller : open) {
                caller.close();
            }
        }
    }

    private static Result ask(Caller caller, Schedule schedule, AtomicLong next, long start, long nanos)
            throws IOException {
        Histogram micros = histogram();
        long failed = 0;
        while (true) {
            long request = next.getAndIncrement();
            long meant = (long) schedule.at(request);
            if (Math.max(meant, System.nanoTime() - start) >= nanos) {
                return new Result(micros, failed, nanos / 1e9);
            }
            await(start + meant);
            long from = meant == 0 ? System.nanoTime() : start + meant;
            if (!caller.call(request)) {
                failed++;
            }
            micros.recordValue(Math.clamp((System.nanoTime() - from) / 1000, 1, MICROS_LIMIT));
        }
    }

    private static void await(long moment) {
        for (long left = moment - System.nanoTime(); left > 0; left = moment - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static Histogram histogram() {
        return new Histogram(1, MICROS_LIMIT, 3);
    }
}
