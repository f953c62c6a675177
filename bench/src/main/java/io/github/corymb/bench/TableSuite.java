package io.github.corymb.bench;

import io.github.corymb.embedding.EmbeddingSpec;
import io.github.corymb.embedding.EmbeddingTables;
import io.github.corymb.feature.Batch;
import io.github.corymb.feature.Field;
import io.github.corymb.feature.KeyLists;
import io.github.corymb.feature.Pooling;
import io.github.corymb.feature.Side;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Gathering and updating embedding rows: 40 fields of 16 floats, batches of 4096 rows, all fields in one table of 21
/// million rows, keys by Zipf's law of exponent 1.05, row-wise Adagrad after duplicates are summed.
///
/// The limit is a plain copy of rows whose numbers are known, from a block of memory of the table's size, of as many
/// bytes as a step must move at least: each lookup's row is read and written to the leaf, its gradient is read, and
/// each distinct row with its accumulator is read and written.
///
/// `corymb.tables.rows` asks for another number of rows.
final class TableSuite implements Suite {

    private static final String SCRIPT = "sparse_embedding.py";
    private static final int ROWS = Integer.getInteger("corymb.tables.rows", 21_000_000);
    private static final int FIELDS = 40;
    private static final int WIDTH = 16;
    private static final int BATCH = 4096;
    private static final int LOOKUPS = FIELDS * BATCH;
    private static final int BATCHES = 32;
    private static final double EXPONENT = 1.05;
    private static final long STRIDE = 1_000_003; // a prime: spreads the frequent rows over the table

    @Override
    public String name() {
        return "tables";
    }

    @Override
    public String purpose() {
        return "embedding rows gathered and updated, beside a plain copy of the same bytes and beside PyTorch";
    }

    @Override
    public void run(Session session) throws Exception {
        int threads = Runtime.getRuntime().availableProcessors();
        int[][] rows = draw(new SplittableRandom(1)); // [BATCHES][LOOKUPS], by fields
        double distinct = distinct(rows);
        session.note("distinct rows a batch", String.format(Locale.ROOT, "%,.0f of %,d lookups", distinct, LOOKUPS));
        double bytes = LOOKUPS * (3.0 * WIDTH * Float.BYTES) + distinct * 2 * (WIDTH + 1) * Float.BYTES;
        Path file = Files.createTempFile("corymb-bench-", ".rows");
        try (Work all = new Work(threads, rows);
                Work one = new Work(1, rows);
                RowCopies limit = new RowCopies(ROWS, WIDTH, rows, (long) (bytes / (2 * WIDTH * Float.BYTES)))) {
            List<Contender> contenders = new ArrayList<>(List.of(
                    new Contender(
                            "plain copy of the same bytes, %d threads".formatted(threads), () -> limit.run(threads)),
                    new Contender("Corymb, %d threads".formatted(threads), all::step),
                    new Contender("Corymb, 1 thread", one::step),
                    new Contender("plain copy of the same bytes, 1 thread", () -> limit.run(1))));
            if (!session.hasPeers()) {
                session.compare(title(), "lookups/s", contenders);
                return;
            }
            write(file, rows);
            try (PythonPeer torch = session.peer(
                    SCRIPT, file.toString(), "" + ROWS, "" + FIELDS, "" + BATCH, "" + WIDTH, "" + threads)) {
                contenders.add(torch.contender("PyTorch, sparse Embedding and Adagrad", "sparse"));
                contenders.add(torch.contender("PyTorch, row-wise Adagrad on unique rows", "unique"));
                double[] medians = session.compare(title(), "lookups/s", contenders);
                session.note(
                        "Corymb by PyTorch's Adagrad", String.format(Locale.ROOT, "%.1f", medians[1] / medians[4]));
                session.note(
                        "Corymb by PyTorch's unique rows", String.format(Locale.ROOT, "%.1f", medians[1] / medians[5]));
            }
        } finally {
            Files.delete(file);
        }
    }

    private static String title() {
        return String.format(
                Locale.ROOT, "gather and update, %d fields of %d, batch %d, %,d rows", FIELDS, WIDTH, BATCH, ROWS);
    }

    private static int[][] draw(SplittableRandom random) {
        Zipf zipf = new Zipf(ROWS, EXPONENT);
        int[][] rows = new int[BATCHES][LOOKUPS];
        for (int[] batch : rows) {
            for (int i = 0; i < LOOKUPS; i++) {
                batch[i] = (int) ((long) zipf.next(random) * STRIDE % ROWS);
            }
        }
        return rows;
    }

    private static double distinct(int[][] rows) {
        long count = 0;
        for (int[] batch : rows) {
            Set<Integer> seen = new HashSet<>();
            for (int row : batch) {
                seen.add(row);
            }
            count += seen.size();
        }
        return (double) count / rows.length;
    }

    private static void write(Path file, int[][] rows) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int[] batch : rows) {
                ByteBuffer bytes = ByteBuffer.allocate(LOOKUPS * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                for (int row : batch) {
                    bytes.putLong(row);
                }
                bytes.flip();
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
        }
    }

    /// A table with all its rows, and the batches drawn.
    private static final class Work implements AutoCloseable {

        private final EmbeddingTables tables;
        private final List<Batch> batches = new ArrayList<>();
        private final FloatBuffer leaf = buffer(); // [B, ΣD]
        private final FloatBuffer gradient = buffer(); // [B, ΣD]

        Work(int threads, int[][] rows) {
            List<Field> fields = IntStream.range(0, FIELDS)
                    .mapToObj(f -> new Field("f" + f, "key", WIDTH, Pooling.SUM, Side.CONTEXT))
                    .toList();
            EmbeddingSpec spec = new EmbeddingSpec.RowWiseAdagrad(null, null, null, null, null, null, null);
            tables = new EmbeddingTables(fields, spec, 1, threads);
            SplittableRandom random = new SplittableRandom(7);
            for (int i = 0; i < gradient.capacity(); i++) {
                gradient.put(i, (float) (1e-3 * (random.nextDouble() - 0.5)));
            }
            int[] next = new int[LOOKUPS];
            for (int from = 0; from < ROWS; from += LOOKUPS) {
                for (int i = 0; i < LOOKUPS; i++) {
                    next[i] = Math.min(ROWS - 1, from + i);
                }
                step(batch(next));
            }
            for (int[] batch : rows) {
                batches.add(batch(batch));
            }
        }

        /// @return lookups a second
        double step() {
            long started = System.nanoTime();
            batches.forEach(this::step);
            return 1e9 * BATCHES * LOOKUPS / (System.nanoTime() - started);
        }

        private void step(Batch batch) {
            tables.gather(batch, leaf, true);
            tables.update(gradient, 1, tables.step() + 1);
        }

        private static Batch batch(int[] rows) {
            Batch batch = new Batch(FIELDS, 0);
            batch.reset(BATCH);
            for (int f = 0; f < FIELDS; f++) {
                KeyLists lists = batch.fields().get(f);
                for (int b = 0; b < BATCH; b++) {
                    int at = lists.addRow(1);
                    lists.keys()[at] = (rows[f * BATCH + b] + 1) * 0x9E3779B97F4A7C15L; // 2^64 / golden ratio, odd
                }
            }
            return batch;
        }

        private static FloatBuffer buffer() {
            return ByteBuffer.allocateDirect(Float.BYTES * LOOKUPS * WIDTH)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
        }

        @Override
        public void close() {
            tables.close();
        }
    }
}
