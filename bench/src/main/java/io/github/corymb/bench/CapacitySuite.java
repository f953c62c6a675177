package io.github.corymb.bench;

import io.github.corymb.bundle.AtomicFiles;
import io.github.corymb.embedding.DirectFloats;
import io.github.corymb.embedding.EmbeddingSpec;
import io.github.corymb.embedding.EmbeddingTable;
import io.github.corymb.embedding.EmbeddingTables;
import io.github.corymb.embedding.FrozenTables;
import io.github.corymb.embedding.LoadFigures;
import io.github.corymb.embedding.TablesSnapshot;
import io.github.corymb.feature.Batch;
import io.github.corymb.feature.Field;
import io.github.corymb.feature.Pooling;
import io.github.corymb.feature.Side;
import io.github.corymb.tensor.NativeMemory;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// How many rows a machine holds and how fast they come, are found and learn: one table of 16 floats and row-wise
/// Adagrad, 17 floats a row, with random keys of 64 bits, at ten million rows and at two hundred million or what fits.
final class CapacitySuite implements Suite {

    private static final int DIMENSION = 16;
    private static final int LIMIT_BATCHES = 40;
    private static final int LIMIT_ROUNDS = 9; // the first few compile
    private static final long ROW_BYTES = 96; // to be free for each, with what the process itself needs
    private static final List<Field> FIELDS = List.of(new Field("key", "key", DIMENSION, Pooling.SUM, Side.CONTEXT));

    private final Size size;
    private final Path scratch;

    /// How much is measured.
    ///
    /// @param fewRows of the first table
    /// @param manyRows of the second, where they fit; otherwise a multiple of `fewRows` that does
    /// @param batchRows looked up at once
    /// @param roundBatches a round
    record Size(long fewRows, long manyRows, int batchRows, int roundBatches) {

        static final Size STANDARD = new Size(10_000_000, 200_000_000, 65_536, 200);
    }

    /// @param scratch a folder on a disk, for snapshots
    CapacitySuite(Size size, Path scratch) {
        this.size = size;
        this.scratch = scratch;
    }

    @Override
    public String name() {
        return "capacity";
    }

    @Override
    public String purpose() {
        return "a table of ten million rows, and of two hundred million or what fits into memory";
    }

    @Override
    public void run(Session session) throws Exception {
        measure(session, size.fewRows());
        long fits = Machine.availableMemory() / ROW_BYTES / size.fewRows() * size.fewRows();
        if (fits > size.fewRows()) {
            measure(session, Math.min(fits, size.manyRows()));
        } else {
            session.note("more rows", "do not fit into the memory that is free");
        }
    }

    private void measure(Session session, long rowCount) throws Exception {
        String rows = String.format(Locale.ROOT, "%,d rows", rowCount);
        long residentBefore = residentBytes();
        EmbeddingSpec spec = new EmbeddingSpec.RowWiseAdagrad(null, null, null, null, null, null, null);
        try (EmbeddingTables tables =
                new EmbeddingTables(FIELDS, spec, 1, Runtime.getRuntime().availableProcessors())) {
            Work work = new Work(tables, rowCount, size);
            work.insertAll(session, rows);
            EmbeddingTable table = tables.tables().getFirst();
            long resident = residentBytes() - residentBefore;
            session.note(
                    rows + ": memory of the table", gigabytes(table.size()) + ", " + perRow(table.size(), rowCount));
            session.note(
                    rows + ": resident",
                    gigabytes(resident) + ", " + perRow(resident, rowCount) + "; of the whole process "
                            + gigabytes(residentBytes()));
            LoadFigures load = table.loadFigures();
            session.note(
                    rows + ": index",
                    String.format(
                            Locale.ROOT,
                            "load %.3f, cache lines to find a key %.3f on average and %d at most",
                            load.load(),
                            load.meanProbeCount(),
                            load.maxProbeCount()));
            session.compare(
                    String.format(Locale.ROOT, "%s, keys of equal chance, batches of %,d", rows, size.batchRows()),
                    "rows/s",
                    List.of(
                            new Contender("lookups", work::lookUp),
                            new Contender("lookups and updates", work::update)));
            snapshot(session, rows, tables, work);
        }
        limit(session, rows, (int) rowCount);
    }

    /// What the memory of such a table allows, where a row is one read and not three: for the index, the key and the
    /// row.
    private void limit(Session session, String rows, int rowCount) throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        int[][] batches = new int[LIMIT_BATCHES][];
        Arrays.setAll(batches, _ -> random.ints(size.batchRows(), 0, rowCount).toArray());
        try (RowCopies copies = new RowCopies(rowCount, DIMENSION, batches, size.batchRows())) {
            double[] rates = new double[LIMIT_ROUNDS];
            for (int round = 0; round < rates.length; round++) {
                rates[round] = copies.run(Runtime.getRuntime().availableProcessors());
            }
            session.note(
                    rows + ": plain copy of known rows",
                    String.format(Locale.ROOT, "%,.0f rows/s", Session.median(rates)));
        }
    }

    /// Writes the table while it learns on.
    private void snapshot(Session session, String rows, EmbeddingTables tables, Work work) throws Exception {
        Path folder = Files.createTempDirectory(scratch.toAbsolutePath(), "corymb-bench-");
        try (ExecutorService writer = Executors.newSingleThreadExecutor()) {
            long begun = System.nanoTime();
            int steps = 0;
            int rounds = 0;
            double pause;
            try (TablesSnapshot snapshot = tables.snapshot(folder, true)) {
                steps += work.learnUntilDone(writer.submit(() -> {
                    snapshot.copy();
                    return null;
                }));
                do {
                    snapshot.mark();
                    steps += work.learnUntilDone(writer.submit(snapshot::catchUp));
                    rounds++;
                } while (snapshot.mayShrink());
                long frozen = System.nanoTime();
                snapshot.freeze();
                pause = Session.secondsSince(frozen);
                snapshot.finish();
            }
            session.note(
                    rows + ": snapshot while learning",
                    String.format(
                            Locale.ROOT,
                            "pause %.0f ms after catching up %d times; %.1f s in all, %d updates of %,d rows meanwhile",
                            1e3 * pause,
                            rounds,
                            Session.secondsSince(begun),
                            steps,
                            size.batchRows()));
            long opening = System.nanoTime();
            try (FrozenTables frozen = FrozenTables.open(folder, FIELDS)) {
                double opened = Session.secondsSince(opening);
                session.note(
                        rows + ": snapshot opened",
                        String.format(
                                Locale.ROOT,
                                "%.1f ms, %s",
                                1e3 * opened,
                                gigabytes(frozen.tables().getFirst().size())));
            }
        } finally {
            AtomicFiles.deleteTree(folder);
        }
    }

    /// Batches over one table.
    private static final class Work {

        private final EmbeddingTables tables;
        private final long rowCount;
        private final int batchRows; // B
        private final int roundBatches;
        private final Batch batch = new Batch(1, 0);
        private final FloatBuffer leaf; // [B, D]
        private final FloatBuffer gradient; // [B, D]
        private final SplittableRandom random = new SplittableRandom(7);

        Work(EmbeddingTables tables, long rowCount, Size size) {
            this.tables = tables;
            this.rowCount = rowCount;
            batchRows = size.batchRows();
            roundBatches = size.roundBatches();
            leaf = DirectFloats.collected(batchRows * DIMENSION);
            gradient = DirectFloats.collected(batchRows * DIMENSION);
            for (int i = 0; i < gradient.capacity(); i++) {
                gradient.put(i, (float) (0.01 * Math.sin(i)));
            }
        }

        void insertAll(Session session, String rows) {
            long started = System.nanoTime();
            for (long from = 0; from < rowCount; from += batchRows) {
                int count = (int) Math.min(batchRows, rowCount - from);
                batch.reset(count);
                for (int b = 0; b < count; b++) {
                    add(from + b);
                }
                learn();
            }
            double seconds = Session.secondsSince(started);
            session.note(
                    rows + ": inserted, gathered and updated once",
                    String.format(Locale.ROOT, "%,.0f rows/s", rowCount / seconds));
        }

        double lookUp() {
            return rate(() -> tables.gather(batch, leaf));
        }

        double update() {
            return rate(this::learn);
        }

        /// Rows a second of what is done with each batch.
        private double rate(Runnable work) {
            double seconds = 0;
            for (int i = 0; i < roundBatches; i++) {
                draw(rowCount);
                long started = System.nanoTime();
                work.run();
                seconds += Session.secondsSince(started);
            }
            return (double) roundBatches * batchRows / seconds;
        }

        /// Of four batches, one draws from all rows and three from the first hundredth.
        ///
        /// @return how many batches that were
        int learnUntilDone(Future<?> work) throws Exception {
            int steps = 0;
            while (!work.isDone()) {
                draw(steps % 4 == 0 ? rowCount : rowCount / 100);
                learn();
                steps++;
            }
            work.get();
            return steps;
        }

        private void learn() {
            tables.gather(batch, leaf, true);
            tables.update(gradient, 1, tables.step() + 1);
        }

        private void draw(long limit) {
            batch.reset(batchRows);
            for (int b = 0; b < batchRows; b++) {
                add(random.nextLong(limit));
            }
        }

        private void add(long number) {
            int at = batch.fields().getFirst().addRow(1);
            batch.fields().getFirst().keys()[at] = key(number);
        }
    }

    /// Numbers without order, none of them twice and none 0.
    private static long key(long i) {
        long z = (i + 1) * 0x9E3779B97F4A7C15L; // 2^64 / golden ratio, odd
        return (z ^ (z >>> 32)) * 0xD6E8FEB86659FD93L;
    }

    /// 0 where the system does not tell.
    private static long residentBytes() {
        return NativeMemory.residentBytes().orElse(0);
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
    }

    private static String perRow(long bytes, long rowCount) {
        return String.format(Locale.ROOT, "%.1f bytes a row", bytes / (double) rowCount);
    }
}
