package io.github.corymb.bench;

import io.github.corymb.Experiment;
import io.github.corymb.ExperimentReader;
import io.github.corymb.bundle.ElementType;
import io.github.corymb.bundle.SafetensorsWriter;
import io.github.corymb.data.Dataset;
import io.github.corymb.data.LabelledBatch;
import io.github.corymb.data.Split;
import io.github.corymb.embedding.EmbeddingTable;
import io.github.corymb.embedding.EmbeddingTables;
import io.github.corymb.embedding.TableSpec;
import io.github.corymb.embedding.TableStorage;
import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.Field;
import io.github.corymb.model.TaskHead;
import io.github.corymb.tensor.torch.TorchEngine;
import io.github.corymb.train.BatchFile;
import io.github.corymb.train.Experiments;
import io.github.corymb.train.RunFolder;
import io.github.corymb.train.TrainListener;
import io.github.corymb.train.Trainer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Writes what another program needs to repeat the first steps of a training: the initial dense parameters, the initial
/// rows of the tables, and the batches. The losses that Corymb itself finds stand in `run/history.jsonl`.
///
///     StepDump EXPERIMENT.yaml STEPS OUT
public final class StepDump {

    private final Experiment experiment;
    private final int stepCount;
    private final Path out;

    private StepDump(Experiment experiment, int stepCount, Path out) {
        this.experiment = experiment;
        this.stepCount = stepCount;
        this.out = out;
    }

    public static void main(String[] arguments) throws IOException {
        Experiment experiment = ExperimentReader.read(Path.of(arguments[0]), List.of("train.log_every=1"));
        boolean arePlain = experiment.train().tableStorage() == TableStorage.FLOAT32
                && !experiment.model().ownTables()
                && experiment.tables().values().stream().allMatch(StepDump::isPlain);
        if (!arePlain) {
            System.err.println("corymb: " + arguments[0]
                    + ": expected plain tables that all tasks share, in float32, found others; nothing else is"
                    + " repeated");
            System.exit(1);
        }
        new StepDump(experiment, Integer.parseInt(arguments[1]), Path.of(arguments[2])).write();
    }

    /// Whether all keys have a row of their own in the first epoch, which is all that is repeated.
    private static boolean isPlain(TableSpec spec) {
        return spec.equals(
                new TableSpec(spec.memory(), null, null, null, null, null, spec.resetEachEpoch(), null, null));
    }

    private void write() throws IOException {
        RunFolder run = RunFolder.create(out.resolve("run"));
        AtomicLong steps = new AtomicLong();
        TrainListener counter = new TrainListener() {
            @Override
            public void onStep(int epoch, long step, long totalSteps, int rows, List<Double> losses) {
                steps.set(step);
            }
        };
        try (Trainer trainer =
                new Trainer(experiment, run, counter, () -> steps.get() >= stepCount, InstantSource.system())) {
            trainer.train(false);
        }
        try (Dataset dataset = Experiments.load(experiment)) {
            writeParameters(dataset);
            writeBatches(dataset);
        }
    }

    private void writeParameters(Dataset dataset) throws IOException {
        FeatureSchema schema = dataset.schema();
        try (TorchEngine engine = new TorchEngine(experiment.train().device(), 1, experiment.seed())) {
            experiment
                    .model()
                    .build(
                            engine.parameters(),
                            schema.embeddingWidth() + schema.numericWidth(),
                            dataset.tasks().stream()
                                    .map(task ->
                                            TaskHead.of(task, experiment.train().outputBias()))
                                    .toList());
            SafetensorsWriter writer = new SafetensorsWriter();
            engine.parameters().read().forEach((name, array) -> writer.add(name, array.values(), array.shape()));
            writer.write(out.resolve("dense.safetensors"));
        }
    }

    /// Batch by batch the keys of each field as offsets and keys, numeric inputs, labels and weights; and of each table
    /// the keys with their rows before any update.
    private void writeBatches(Dataset dataset) throws IOException {
        List<Field> fields = dataset.schema().fields();
        SafetensorsWriter writer = new SafetensorsWriter();
        int[] order = dataset.order(experiment.seed(), 1);
        int batchRows = experiment.train().batch();
        try (EmbeddingTables tables =
                new EmbeddingTables(fields, experiment.train().embedding(), experiment.seed(), 1)) {
            FloatBuffer leaf = direct(batchRows * tables.width() * Float.BYTES).asFloatBuffer();
            LabelledBatch batch = dataset.batch();
            for (int step = 0; step < stepCount; step++) {
                int from = step * batchRows;
                dataset.fill(Split.TRAIN, order, from, Math.min(batchRows, order.length - from), batch);
                tables.gather(batch.inputs(), leaf, true); // gives every key its row
                BatchFile.add(writer, "batch." + step, fields, batch);
            }
            for (EmbeddingTable table : tables.tables()) {
                add(writer, table);
            }
        }
        writer.write(out.resolve("batches.safetensors"));
    }

    private static void add(SafetensorsWriter writer, EmbeddingTable table) {
        List<Long> keys = new ArrayList<>();
        int dimension = table.dimension();
        ByteBuffer rows = direct((table.rowCount() + 1) * dimension * Float.BYTES);
        table.forEachRow((key, weights) -> {
            keys.add(key);
            for (int d = 0; d < dimension; d++) {
                rows.putFloat(weights.get(d));
            }
        });
        ByteBuffer keyBytes = direct(keys.size() * Long.BYTES);
        keys.forEach(keyBytes::putLong);
        writer.add("table." + table.name() + ".keys", ElementType.I64, keyBytes.flip(), keys.size());
        writer.add("table." + table.name() + ".rows", ElementType.F32, rows.flip(), keys.size(), dimension);
    }

    private static ByteBuffer direct(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
