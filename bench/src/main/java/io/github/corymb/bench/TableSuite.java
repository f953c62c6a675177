package io.github.corymb.bench;

import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

/// Gathering and updating embedding rows: 40 fields of 16 floats, batches of 4096 rows, 21 million rows in all, keys by
/// Zipf's law of exponent 1.05, row-wise Adagrad after duplicates are summed. Once all fields share one table, and draw
/// from all of it; once each has a table of its own.
///
/// The limit is a plain copy of rows whose numbers are known, from one block of memory of the tables' size, of as many
/// bytes as a step must move at least: each lookup's row is read and written to the leaf, its gradient is read, and
/// each distinct row with its accumulator is read and written. PyTorch has one table in either case, which serves it
/// better than many.
///
/// `corymb.tables.rows` asks for another number of rows.
final class TableSuite implements Suite {

    private static final String SCRIPT = "sparse_embedding.py";
    private static final String ROWS_PROPERTY = "corymb.tables.rows";
    private static final double EXPONENT = 1.05;
    private static final long STRIDE = 1_000_003; // a prime: spreads the frequent rows over the table

    private final Size size;

    /// How much is measured.
    ///
    /// @param rowCount of all tables, a multiple of the fields
    /// @param batchRows B
    /// @param batchCount a round
    record Size(int rowCount, int fieldCount, int width, int batchRows, int batchCount) {

        static final Size STANDARD = new Size(21_000_000, 40, 16, 4096, 32);

        Size {
            if (rowCount < fieldCount || rowCount % fieldCount != 0) {
                throw new InputException(
                        "%s: expected a multiple of %d, found %d".formatted(ROWS_PROPERTY, fieldCount, rowCount));
            }
        }

        /// F · B
        int lookupCount() {
            return fieldCount * batchRows;
        }

        int rowsPerField() {
            return rowCount / fieldCount;
        }
    }

    TableSuite(Size size) {
        this.size = size;
    }

    /// With as many rows as are asked for.
    ///
    /// @throws InputException where that is no number of rows
    static Size standardSize() {
        Size standard = Size.STANDARD;
        String asked = System.getProperty(ROWS_PROPERTY);
        if (asked == null) {
            return standard;
        }
        try {
            return new Size(
                    Integer.parseInt(asked),
                    standard.fieldCount(),
                    standard.width(),
                    standard.batchRows(),
                    standard.batchCount());
        } catch (NumberFormatException noNumber) {
            throw new InputException(
                    "%s: expected a number of rows, found '%s'".formatted(ROWS_PROPERTY, asked), noNumber);
        }
    }

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
        for (TableSharing sharing : TableSharing.values()) {
            measure(session, sharing);
        }
    }

    private void measure(Session session, TableSharing sharing) throws Exception {
        int threads = Runtime.getRuntime().availableProcessors();
        int[][] rows = draw(sharing, new SplittableRandom(1)); // [batches][lookups], by fields
        double distinct = distinct(rows);
        session.note(
                sharing.title() + ", distinct rows a batch",
                String.format(Locale.ROOT, "%,.0f of %,d lookups", distinct, size.lookupCount()));
        double rowBytes = (double) size.width() * Float.BYTES;
        double bytes = size.lookupCount() * 3 * rowBytes + distinct * 2 * (rowBytes + Float.BYTES);
        try (TableWork all = new TableWork(size, sharing, threads, rows);
                TableWork one = new TableWork(size, sharing, 1, rows);
                RowCopies limit = new RowCopies(size.rowCount(), size.width(), rows, (long) (bytes / (2 * rowBytes)))) {
            session.note(
                    sharing.title() + ", memory",
                    String.format(
                            Locale.ROOT,
                            "%.1f bytes a row, of which %d hold its floats and its accumulator",
                            (double) all.memorySize() / size.rowCount(),
                            (size.width() + 1) * Float.BYTES));
            List<Contender> contenders = new ArrayList<>(List.of(
                    new Contender(
                            "plain copy of the same bytes, %d threads".formatted(threads), () -> limit.run(threads)),
                    new Contender("Corymb, %d threads".formatted(threads), all::step),
                    new Contender("Corymb, 1 thread", one::step),
                    new Contender("plain copy of the same bytes, 1 thread", () -> limit.run(1))));
            double[] medians = compare(session, sharing, threads, rows, contenders);
            String against = "%s, %%s, %d threads against one".formatted(sharing.title(), threads);
            session.noteRatio(against.formatted("Corymb"), medians[1], medians[2]);
            session.noteRatio(against.formatted("plain copy"), medians[0], medians[3]);
        }
    }

    /// With PyTorch, where it is to run.
    private double[] compare(
            Session session, TableSharing sharing, int threads, int[][] rows, List<Contender> contenders)
            throws Exception {
        String title = String.format(
                Locale.ROOT,
                "gather and update, %d fields of %d, batch %d, %,d rows, %s",
                size.fieldCount(),
                size.width(),
                size.batchRows(),
                size.rowCount(),
                sharing.title());
        if (!session.hasPeers()) {
            return session.compare(title, "lookups/s", contenders);
        }
        Path file = Files.createTempFile("corymb-bench-", ".rows");
        try {
            write(file, rows);
            try (Peer torch = session.peer(
                    SCRIPT,
                    file.toString(),
                    "" + size.rowCount(),
                    "" + size.fieldCount(),
                    "" + size.batchRows(),
                    "" + size.width(),
                    "" + threads)) {
                contenders.add(torch.contender("PyTorch, sparse Embedding and Adagrad", "sparse"));
                contenders.add(torch.contender("PyTorch, row-wise Adagrad on unique rows", "unique"));
                double[] medians = session.compare(title, "lookups/s", contenders);
                session.noteRatio(sharing.title() + ", Corymb by PyTorch's Adagrad", medians[1], medians[4]);
                session.noteRatio(sharing.title() + ", Corymb by PyTorch's unique rows", medians[1], medians[5]);
                return medians;
            }
        } finally {
            Files.delete(file);
        }
    }

    /// Numbers of rows from 0: of all where the table is shared, of the field's own part otherwise.
    private int[][] draw(TableSharing sharing, SplittableRandom random) {
        int range = sharing == TableSharing.ONE_TABLE ? size.rowCount() : size.rowsPerField();
        Zipf zipf = new Zipf(range, EXPONENT);
        int[][] rows = new int[size.batchCount()][size.lookupCount()];
        for (int[] batch : rows) {
            for (int i = 0; i < batch.length; i++) {
                int first = sharing == TableSharing.ONE_TABLE ? 0 : i / size.batchRows() * range;
                batch[i] = first + (int) (zipf.next(random) * STRIDE % range);
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
                ByteBuffer bytes =
                        ByteBuffer.allocate(batch.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
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
}
