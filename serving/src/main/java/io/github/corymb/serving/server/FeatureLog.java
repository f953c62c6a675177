package io.github.corymb.serving.server;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes a share of the requests with their scores to [FeatureLogFiles], a [LoggedRequest] a line. Requests are
/// formatted and compressed by one thread behind a queue of [#QUEUE_LIMIT] requests and [#ROW_LIMIT] rows; what finds
/// it full is dropped and counted, and never waits. What was written is on its way to the disk after a second. Where
/// the disk refuses, the log says so once, and tries again with another file after a minute.
///
/// Any number of threads offer. Whoever opened it closes it; what is queued is then written.
final class FeatureLog implements AutoCloseable {

    static final int QUEUE_LIMIT = 256;
    static final int ROW_LIMIT = 20_000;
    private static final Logger LOG = LoggerFactory.getLogger(FeatureLog.class);
    private static final long FLUSH_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long RETRY_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long CLOSE_MILLIS = 10_000;

    private record Entry(Instant time, Answered answered, int rowCount) {}

    private final FeatureLogFiles files;
    private final Sample sample;
    private final InstantSource clock;
    private final ArrayBlockingQueue<Entry> queue = new ArrayBlockingQueue<>(QUEUE_LIMIT);
    private final Semaphore rows = new Semaphore(ROW_LIMIT);
    private final LongAdder writtenCount = new LongAdder();
    private final LongAdder droppedCount = new LongAdder();
    private final Thread writer;
    private volatile boolean closing;
    private boolean broken; // of the writer alone
    private long brokenSince;

    FeatureLog(Operations.Log options, InstantSource clock, MeterRegistry registry) {
        files = new FeatureLogFiles(options.folder(), options.fileSizeLimit(), options.fileLimit());
        sample = new Sample(options.share());
        this.clock = clock;
        FunctionCounter.builder("corymb.feature.log.written", writtenCount, LongAdder::sum)
                .description("requests of the share that were written")
                .register(registry);
        FunctionCounter.builder("corymb.feature.log.dropped", droppedCount, LongAdder::sum)
                .description("requests of the share that were not: the queue was full, or the disk refused")
                .register(registry);
        writer = Thread.ofPlatform().daemon().name("feature-log").start(this::write);
    }

    /// Logs the request, if it is one of the share and there is room.
    void offer(Answered answered) {
        if (!sample.next()) {
            return;
        }
        int rowCount = 1 + answered.items().rowCount();
        if (closing || !rows.tryAcquire(rowCount)) {
            droppedCount.increment();
        } else if (!queue.offer(new Entry(clock.instant(), answered, rowCount))) {
            rows.release(rowCount);
            droppedCount.increment();
        }
    }

    /// How many requests were written.
    long writtenCount() {
        return writtenCount.sum();
    }

    /// How many requests of the share were not, since the queue was full or the disk refused.
    long droppedCount() {
        return droppedCount.sum();
    }

    @Override
    public void close() {
        closing = true;
        try {
            writer.join(CLOSE_MILLIS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        long flushed = System.nanoTime();
        while (!closing || !queue.isEmpty()) {
            try {
                Entry entry = queue.poll(100, TimeUnit.MILLISECONDS);
                if (entry != null) {
                    take(entry);
                }
                if (!broken && System.nanoTime() - flushed > FLUSH_NANOS) {
                    files.flush();
                    flushed = System.nanoTime();
                }
            } catch (IOException | RuntimeException refused) {
                give(refused);
            } catch (InterruptedException stopped) {
                break; // nobody does; the rest is lost
            }
        }
        try {
            files.close();
        } catch (IOException refused) {
            give(refused);
        }
    }

    private void take(Entry entry) throws IOException {
        boolean written = false;
        try {
            if (!broken || System.nanoTime() - brokenSince > RETRY_NANOS) {
                files.write(json -> LoggedRequest.write(entry.time(), entry.answered(), json));
                broken = false;
                written = true;
            }
        } finally {
            rows.release(entry.rowCount());
            (written ? writtenCount : droppedCount).increment();
        }
    }

    private void give(Exception refused) {
        LOG.error("the feature log stops for a minute", refused);
        files.abandon();
        broken = true;
        brokenSince = System.nanoTime();
    }
}
