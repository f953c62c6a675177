package io.github.corymb.train;

import io.github.corymb.data.Dataset;
import io.github.corymb.data.LabelledBatch;
import io.github.corymb.data.Split;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// The training batches of a run, epoch after epoch, filled by a thread of its own while the step before them runs.
/// Which rows a batch holds depends on the seed and its place alone, not on who is faster.
///
/// Used by one thread. Whoever made it closes it, before the dataset.
final class BatchSource implements AutoCloseable {

    private static final int BATCH_COUNT = 3; // one learned from, one ready, one being filled
    private static final double NANOS_PER_SECOND = 1e9;

    /// A batch, or why there is none.
    private record Filled(LabelledBatch batch, Throwable failure) {}

    private final Dataset dataset;
    private final long seed;
    private final int batchRows;
    private final int epochs;
    private final BlockingQueue<LabelledBatch> free = new ArrayBlockingQueue<>(BATCH_COUNT);
    private final BlockingQueue<Filled> ready = new ArrayBlockingQueue<>(BATCH_COUNT);
    private final Thread filler;
    private LabelledBatch lent; // what next() gave last
    private double waitedSeconds;

    /// @param epoch the first one, counted from 1
    /// @param batch the first one of that epoch, counted from 0
    BatchSource(Dataset dataset, long seed, TrainSpec spec, int epoch, int batch) {
        this.dataset = dataset;
        this.seed = seed;
        this.batchRows = spec.batch();
        this.epochs = spec.epochs();
        for (int i = 0; i < BATCH_COUNT; i++) {
            free.add(dataset.batch());
        }
        filler = new Thread(() -> fillAll(epoch, batch), "batch-source");
        filler.setDaemon(true);
        filler.start();
    }

    /// The next batch; it is the caller's until the next call.
    LabelledBatch next() {
        if (lent != null) {
            free.add(lent);
            lent = null;
        }
        long started = System.nanoTime();
        Filled filled = take();
        waitedSeconds = (System.nanoTime() - started) / NANOS_PER_SECOND;
        if (filled.failure() instanceof RuntimeException failure) {
            throw failure;
        }
        if (filled.failure() != null) {
            throw new IllegalStateException("the next batch could not be filled", filled.failure());
        }
        lent = filled.batch();
        return lent;
    }

    /// How long the last call of [#next()] waited for data.
    double waitedSeconds() {
        return waitedSeconds;
    }

    private Filled take() {
        try {
            return ready.take();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a batch", interrupt);
        }
    }

    private void fillAll(int firstEpoch, int firstBatch) {
        try {
            int rowCount = dataset.rowCount(Split.TRAIN);
            for (int epoch = firstEpoch; epoch <= epochs; epoch++) {
                int[] order = dataset.order(seed, epoch);
                int start = epoch == firstEpoch ? firstBatch * batchRows : 0;
                for (int from = start; from < rowCount; from += batchRows) {
                    LabelledBatch batch = free.take();
                    dataset.fill(Split.TRAIN, order, from, Math.min(batchRows, rowCount - from), batch);
                    ready.put(new Filled(batch, null));
                }
            }
        } catch (InterruptedException _) {
            return; // closed
        } catch (RuntimeException | Error failure) {
            ready.clear(); // so that there is room; what was ready is of no use any more
            ready.add(new Filled(null, failure));
        }
    }

    /// Ends the thread, and returns when it has ended.
    @Override
    public void close() {
        filler.interrupt();
        boolean interrupted = false;
        while (filler.isAlive()) {
            try {
                filler.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
