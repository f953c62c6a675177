package io.github.corymb.embedding;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/// Platform threads that share the units of one job. Which thread runs a unit is left to chance, so a unit must
/// depend on none of its own job. The caller works too, and [#run(int, Work)] returns after the last unit.
///
/// A helper that finds no job looks for one a little longer before it sleeps, because the jobs of a step follow each
/// other at once. One caller at a time. Whoever made it closes it.
final class Workers implements AutoCloseable {

    /// One unit, on worker 0 … n - 1, each of which runs one unit at a time.
    interface Work {
        void run(int unit, int worker);
    }

    /// The caller alone, whoever that is.
    static final Workers ALONE = new Workers(1);

    private static final long PATIENCE_NANOS = 50_000; // about what sleeping and waking costs
    private static final int SPIN_LIMIT = 2000; // looks for the end of the last unit before the first nap
    private static final long NAP_NANOS = 20_000;

    private final Thread[] helpers;
    private volatile Job job = new Job(0, (_, _) -> {}); // given last
    private volatile boolean closed;

    /// @param count how many, the caller among them, at least 1
    Workers(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("threads: expected at least 1, found " + count);
        }
        helpers = new Thread[count - 1];
        for (int helper = 0; helper < helpers.length; helper++) {
            int worker = helper + 1;
            helpers[helper] =
                    Thread.ofPlatform().daemon().name("corymb-tables-" + worker).unstarted(() -> serve(worker));
        }
        for (Thread helper : helpers) {
            helper.start();
        }
    }

    int count() {
        return helpers.length + 1;
    }

    /// Runs units 0 … unitCount - 1.
    ///
    /// @throws RuntimeException or Error as the first unit that failed threw; the others have run all the same
    void run(int unitCount, Work work) {
        Job next = new Job(unitCount, work);
        if (unitCount > 1 && helpers.length > 0) {
            job = next;
            for (Thread helper : helpers) {
                LockSupport.unpark(helper);
            }
        }
        next.help(0);
        next.await();
    }

    @Override
    public void close() {
        closed = true;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
    }

    private void serve(int worker) {
        Job seen = null;
        while (!closed) {
            Job next = job;
            if (next == seen) {
                next = awaitAnother(seen);
            }
            next.help(worker);
            seen = next;
        }
    }

    /// A job that is not `seen`, or `seen` itself once this is closed.
    private Job awaitAnother(Job seen) {
        long patienceEnd = System.nanoTime() + PATIENCE_NANOS;
        while (job == seen && !closed) {
            if (System.nanoTime() < patienceEnd) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
            }
        }
        return job;
    }

    private static final class Job {
        private final int unitCount;
        private final Work work;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private final AtomicReference<Throwable> fault = new AtomicReference<>();

        Job(int unitCount, Work work) {
            this.unitCount = unitCount;
            this.work = work;
        }

        void help(int worker) {
            while (next.get() < unitCount) {
                int unit = next.getAndIncrement();
                if (unit >= unitCount) {
                    return;
                }
                try {
                    work.run(unit, worker);
                } catch (RuntimeException | Error thrown) {
                    fault.compareAndSet(null, thrown);
                } finally {
                    done.incrementAndGet();
                }
            }
        }

        void await() {
            for (int looks = 0; done.get() < unitCount; looks++) {
                if (looks < SPIN_LIMIT) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.parkNanos(this, NAP_NANOS);
                }
            }
            switch (fault.get()) {
                case RuntimeException thrown -> throw thrown;
                case Error thrown -> throw thrown;
                case null, default -> {}
            }
        }
    }
}
