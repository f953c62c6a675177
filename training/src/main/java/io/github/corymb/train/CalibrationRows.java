package io.github.corymb.train;

import io.github.corymb.Experiment;
import io.github.corymb.bundle.BundleSchema;
import io.github.corymb.bundle.GraphSignature;
import io.github.corymb.bundle.InputSide;
import io.github.corymb.data.Dataset;
import io.github.corymb.data.LabelledBatch;
import io.github.corymb.data.Split;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Training rows as a graph takes them, batch by batch: the first of those that the experiment's seed puts in an order.
/// Each batch is gone when the next is taken.
///
/// Used by one thread. Whoever opened it closes it.
final class CalibrationRows implements AutoCloseable, Iterable<Map<String, FloatBuffer>> {

    static final int ROW_COUNT = 8192;
    private static final int BATCH_ROW_COUNT = 512;

    private final Dataset dataset;
    private final GraphSignature signature;
    private final InputSide input;
    private final InputSide.Rows rows;
    private final LabelledBatch batch;
    private final int[] order;

    private CalibrationRows(Dataset dataset, GraphSignature signature, InputSide input, long seed) {
        this.dataset = dataset;
        this.signature = signature;
        this.input = input;
        rows = input.rows();
        batch = dataset.batch();
        order = dataset.order(seed, 0);
    }

    /// @param tables the folder of the tables as they will be served
    /// @throws io.github.corymb.feature.InputException if the experiment's data cannot be read any more
    static CalibrationRows open(Experiment experiment, BundleSchema schema, GraphSignature signature, Path tables)
            throws IOException {
        InputSide input = InputSide.openBoth(schema.features(), signature, tables);
        try {
            Dataset dataset = Experiments.open(experiment, schema.features(), schema.tasks(), List.of());
            return new CalibrationRows(dataset, signature, input, experiment.seed());
        } catch (RuntimeException fault) {
            input.close();
            throw fault;
        }
    }

    @Override
    public Iterator<Map<String, FloatBuffer>> iterator() {
        int count = Math.min(ROW_COUNT, order.length);
        return IntStream.iterate(0, from -> from < count, from -> from + BATCH_ROW_COUNT)
                .mapToObj(from -> fill(from, Math.min(BATCH_ROW_COUNT, count - from)))
                .iterator();
    }

    private Map<String, FloatBuffer> fill(int from, int count) {
        dataset.fill(Split.TRAIN, order, from, count, batch);
        input.gather(batch.inputs(), rows);
        return ExportedModel.inputs(signature, rows);
    }

    @Override
    public void close() {
        dataset.close();
        input.close();
    }
}
