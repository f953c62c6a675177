package io.github.corymb.bench;

import io.github.corymb.bench.LoadGenerator.Caller;
import io.github.corymb.bench.LoadGenerator.Schedule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/// What a [LoadGenerator] does once, by the thread that asks for the result, which reads, and one that sends when it is
/// time. Of connections that wait, the one that has waited longest is asked.
final class LoadRun {

    private static final long MICROS_LIMIT = TimeUnit.MINUTES.toMicros(1);

    /// A caller, and when its request counts from.
    private static final class Asked {

        private final Caller caller;
        private long from;

        Asked(Caller caller) {
            this.caller = caller;
        }
    }

    private final Selector selector;
    private final Schedule schedule;
    private final long nanos;
    private final long start;
    private final Histogram micros = new Histogram(1, MICROS_LIMIT, 3);
    private final Deque<Asked> idle = new ArrayDeque<>();
    private long next; // request
    private int underWay;
    private long failed;
    private IOException fault; // of the thread that sends

    /// @param callers that are registered at the selector
    /// @param nanos from now on, after which nothing is sent
    LoadRun(List<Caller> callers, Selector selector, Schedule schedule, long nanos) {
        this.selector = selector;
        this.schedule = schedule;
        this.nanos = nanos;
        for (Caller caller : callers) {
            Asked asked = new Asked(caller);
            caller.channel().keyFor(selector).attach(asked);
            idle.add(asked);
        }
        start = System.nanoTime();
    }

    /// Sends and reads until the time is over and all answers have come.
    LoadGenerator.Result result() throws IOException {
        Thread sender = Thread.ofPlatform().name("load").start(this::send);
        try {
            while (!isOver()) {
                LoadGenerator.await(selector, this::read);
            }
        } catch (UncheckedIOException problem) {
            throw problem.getCause();
        } finally {
            sender.interrupt();
        }
        return new LoadGenerator.Result(micros, failed, Session.secondsSince(start));
    }

    private void send() {
        try {
            for (long left = sendNext(); left >= 0; left = sendNext()) {
                LockSupport.parkNanos(left);
            }
        } catch (IOException problem) {
            fail(problem);
        } catch (InterruptedException over) {
            // the reader is through
        }
        selector.wakeup();
    }

    /// Sends what is due, where a connection is idle; otherwise waits for one.
    ///
    /// @return for how long nothing is due, in ns; -1 where nothing more will be
    private synchronized long sendNext() throws IOException, InterruptedException {
        while (!isEnded()) {
            long left = start + meant() - System.nanoTime();
            if (left > 0) {
                return left;
            }
            if (idle.isEmpty()) {
                wait();
            } else {
                send(idle.remove());
            }
        }
        return -1;
    }

    private void read(SelectionKey key) {
        Asked asked = (Asked) key.attachment();
        try {
            if (receive(asked)) {
                long now = System.nanoTime();
                answered(asked, now, asked.caller.isRight());
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /// Alone with what the thread that sends has set.
    private synchronized boolean receive(Asked asked) throws IOException {
        return asked.caller.receive();
    }

    private synchronized void answered(Asked asked, long moment, boolean right) throws IOException {
        micros.recordValue(Math.clamp((moment - asked.from) / 1000, 1, MICROS_LIMIT));
        failed += right ? 0 : 1;
        underWay--;
        if (!isEnded() && start + meant() <= System.nanoTime()) {
            send(asked);
        } else {
            idle.add(asked);
            notifyAll();
        }
    }

    private void send(Asked asked) throws IOException {
        long meant = meant();
        asked.from = meant == 0 ? System.nanoTime() : start + meant;
        underWay++;
        asked.caller.send(next++);
    }

    private long meant() {
        return (long) schedule.at(next);
    }

    private boolean isEnded() {
        return Math.max(meant(), System.nanoTime() - start) >= nanos;
    }

    private synchronized void fail(IOException problem) {
        fault = problem;
    }

    /// @throws IOException of the thread that sends
    private synchronized boolean isOver() throws IOException {
        if (fault != null) {
            throw fault;
        }
        return underWay == 0 && isEnded();
    }
}
