package io.github.corymb.data;

import io.github.corymb.feature.Batch;
import io.github.corymb.feature.Column;
import io.github.corymb.feature.FeatureEncoder;
import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.FittedTask;
import io.github.corymb.feature.Keys;
import io.github.corymb.feature.LabelEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The pass that encodes all rows of a table, in its order, a chunk of DuckDB at a time.
final class RowReader {

    /// Is given the encoded rows of a chunk, on loan.
    @FunctionalInterface
    interface Sink {

        /// @param firstRow of the chunk, counted from 0
        /// @param texts of each column asked for, [rows]
        void take(EncodedRows rows, int firstRow, int count, List<String[]> texts);
    }

    private static final int CHUNK_ROW_LIMIT = 2048; // DuckDB's vector size

    private final SourceTable table;
    private final List<String> columns; // that features read
    private final List<FittedTask> tasks;
    private final Reading reading;
    private final boolean hasUsers;
    private final FeatureEncoder encoder;
    private final List<LabelEncoder> labelEncoders;
    private final EncodedRows rows;

    RowReader(SourceTable table, FeatureSchema schema, List<FittedTask> tasks, Reading reading, boolean hasUsers) {
        this.table = table;
        this.columns = table.featureColumns();
        this.tasks = tasks;
        this.reading = reading;
        this.hasUsers = hasUsers;
        this.encoder = new FeatureEncoder(schema);
        this.labelEncoders = tasks.stream().map(LabelEncoder::new).toList();
        Batch batch = schema.batch();
        float[][] labels = new float[tasks.size()][CHUNK_ROW_LIMIT];
        float[][] weights = new float[tasks.size()][CHUNK_ROW_LIMIT];
        this.rows = new EncodedRows(batch, labels, weights, new long[CHUNK_ROW_LIMIT]);
    }

    void run(Sink sink) {
        List<String> names = new ArrayList<>(table.namesOf(columns));
        for (int k = 0; k < tasks.size() && reading.labels(); k++) {
            names.add(ReadPlan.label(k));
            if (tasks.get(k).task().rowWeight() != null) {
                names.add(ReadPlan.rowWeight(k));
            }
        }
        if (hasUsers) {
            names.add(ReadPlan.USER);
        }
        int textsAt = names.size();
        for (int index = 0; index < reading.texts().size(); index++) {
            names.add(ReadPlan.text(index));
        }
        int[] all = new int[CHUNK_ROW_LIMIT];
        Arrays.setAll(all, row -> row);
        int firstRow = 0;
        try (QueryResult chunk = table.select(names)) {
            while (chunk.next()) {
                int count = chunk.rowCount();
                encode(chunk, all, count, firstRow);
                List<String[]> texts = new ArrayList<>();
                for (int index = 0; index < reading.texts().size(); index++) {
                    texts.add(chunk.texts(textsAt + index));
                }
                sink.take(rows, firstRow, count, texts);
                firstRow += count;
            }
        }
    }

    private void encode(QueryResult chunk, int[] all, int count, int firstRow) {
        encoder.encode(SourceTable.features(chunk, columns, all, count), count, firstRow + 1L, rows.inputs());
        int at = columns.size();
        for (int k = 0; k < tasks.size() && reading.labels(); k++) {
            float[] labels = rows.labels()[k];
            float[] weights = rows.weights()[k];
            LabelEncoder labelEncoder = labelEncoders.get(k);
            labelEncoder.encode(VectorReader.read(chunk.vector(at++), all, count), count, firstRow + 1L, labels, 0);
            if (tasks.get(k).task().rowWeight() == null) {
                Arrays.fill(weights, 1f);
            } else {
                Column column = VectorReader.read(chunk.vector(at++), all, count);
                labelEncoder.encodeWeights(column, count, firstRow + 1L, weights, 0);
            }
            mask(labels, weights, count);
        }
        if (hasUsers) {
            readUsers(VectorReader.read(chunk.vector(at), all, count), count, rows.users());
        }
    }

    /// Gives rows without a label the label 0 and the weight 0.
    private static void mask(float[] labels, float[] weights, int count) {
        for (int row = 0; row < count; row++) {
            if (Float.isNaN(labels[row])) {
                labels[row] = 0;
                weights[row] = 0;
            }
        }
    }

    private static void readUsers(Column column, int count, long[] users) {
        for (int row = 0; row < count; row++) {
            users[row] = column.isNull(row) ? Keys.MISSING : userKey(column, row);
        }
    }

    private static long userKey(Column column, int row) {
        return switch (column) {
            case Column.Longs longs -> Keys.ofInteger(longs.values()[row]);
            case Column.Doubles doubles -> Keys.ofNumber(doubles.values()[row]);
            case Column.Texts texts -> Keys.ofText(texts.utf8(), texts.offsets()[row], texts.offsets()[row + 1]);
            case Column.Lists _ -> throw new IllegalStateException("a list of users");
        };
    }
}
