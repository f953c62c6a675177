package io.github.corymb.bench;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/// Asks a server over some connections by two threads, whatever their number: one sends when it is time, the other
/// reads answers, and sends at once what should have been sent before. What it takes of the processors is little, which
/// counts where a server shares them.
///
/// Where moments are fixed beforehand, a request counts from the moment that it was meant for, so that a server which
/// makes later requests wait is not spared that wait ("coordinated omission").
final class LoadGenerator {

    private static final int PATIENCE_MILLIS = 30_000; // without an answer

    /// A connection's side: asks one request after the other, and looks at the answers.
    interface Caller extends AutoCloseable {

        /// What there is to read on while an answer comes; it does not block.
        SelectableChannel channel();

        /// @param request counted over all connections from 0
        void send(long request) throws IOException;

        /// Reads what has come.
        ///
        /// @return whether the answer is whole
        boolean receive() throws IOException;

        /// Whether the answer is as it should be.
        boolean isRight() throws IOException;

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

        /// p99 by p50.
        double ratio() {
            return millis(99) / millis(50);
        }

        String words() {
            return String.format(
                    Locale.ROOT,
                    "p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, p99 by p50 %.1f ×, %,d requests, %d failed",
                    millis(50),
                    millis(99),
                    millis(99.9),
                    ratio(),
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
        List<Caller> open = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            for (int connection = 0; connection < connectionCount; connection++) {
                Caller caller = callers.open();
                open.add(caller);
                caller.channel().register(selector, SelectionKey.OP_READ);
                caller.send(connection); // what it takes to make a connection is not what a request takes
                while (!caller.receive()) {
                    await(selector, _ -> {});
                }
            }
            return new LoadRun(open, selector, schedule, (long) (seconds * 1e9)).result();
        } finally {
            for (Caller caller : open) {
                caller.close();
            }
        }
    }

    /// Waits until something can be read, or until it is woken.
    ///
    /// @throws SocketTimeoutException where neither happens
    static void await(Selector selector, Consumer<SelectionKey> read) throws IOException {
        long start = System.nanoTime();
        if (selector.select(read, PATIENCE_MILLIS) == 0 && Session.secondsSince(start) > PATIENCE_MILLIS / 1e3) {
            throw new SocketTimeoutException("no answer within %d s".formatted(PATIENCE_MILLIS / 1000));
        }
    }
}
