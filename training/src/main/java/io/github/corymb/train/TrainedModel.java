package io.github.corymb.train;

import io.github.corymb.Experiment;
import io.github.corymb.ExperimentReader;
import io.github.corymb.bundle.BundleJson;
import io.github.corymb.bundle.BundleLayout;
import io.github.corymb.bundle.BundleReader;
import io.github.corymb.bundle.BundleSchema;
import io.github.corymb.bundle.Manifest;
import io.github.corymb.data.Dataset;
import io.github.corymb.data.Split;
import io.github.corymb.embedding.EmbeddingLookup;
import io.github.corymb.embedding.FrozenTables;
import io.github.corymb.feature.Batch;
import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.Field;
import io.github.corymb.feature.FittedTask;
import io.github.corymb.feature.InputException;
import io.github.corymb.tensor.torch.TorchEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// A model from a bundle, ready to predict and to be evaluated. It needs nothing but the bundle.
///
/// Used by one thread. Whoever opened it closes it.
public final class TrainedModel implements AutoCloseable {

    private final BundleReader bundle;
    private final Experiment experiment;
    private final FeatureSchema schema;
    private final List<FittedTask> tasks;
    private final TorchEngine engine;
    private final List<FrozenTables> tables = new ArrayList<>();
    private final Network network;

    /// The bundle of a run's folder, or a bundle's own folder.
    public static Path bundleOf(Path runOrBundle) {
        return Files.isRegularFile(runOrBundle.resolve(BundleLayout.MANIFEST))
                ? runOrBundle
                : RunFolder.open(runOrBundle).bundle();
    }

    /// Opens a run's folder, or a bundle.
    ///
    /// @throws InputException if it is none, or anything in it was altered
    public static TrainedModel open(Path runOrBundle) {
        Experiments.loadNativesInBackground();
        return new TrainedModel(BundleReader.open(bundleOf(runOrBundle)));
    }

    private TrainedModel(BundleReader bundle) {
        this.bundle = bundle;
        this.experiment = ExperimentReader.read(bundle.file(BundleLayout.EXPERIMENT), List.of());
        BundleSchema files = BundleJson.readSchema(bundle);
        this.schema = files.features();
        this.tasks = files.tasks();
        try {
            for (List<Field> fields : TableSets.fields(experiment.model(), schema, tasks)) {
                tables.add(FrozenTables.open(bundle.tables(), fields));
            }
        } catch (IOException problem) {
            throw new InputException(
                    "bundle %s: cannot be read: %s".formatted(bundle.folder(), problem.getMessage()), problem);
        }
        this.engine = Experiments.engine(experiment);
        this.network = new Network(engine, experiment, schema, tasks);
        try {
            engine.parameters().write(Checkpoint.readArrays(bundle.dense()));
        } catch (IllegalArgumentException mismatch) {
            throw new InputException(
                    "bundle %s: dense.safetensors: %s".formatted(bundle.folder(), mismatch.getMessage()), mismatch);
        }
    }

    public Experiment experiment() {
        return experiment;
    }

    public FeatureSchema schema() {
        return schema;
    }

    public List<FittedTask> tasks() {
        return tasks;
    }

    public Manifest manifest() {
        return bundle.manifest();
    }

    /// What an export added to the bundle, where it is one's.
    public Optional<ExportSummary> exported() {
        return ExportSummary.of(bundle);
    }

    /// The shapes of the dense parameters by name.
    public SortedMap<String, long[]> parameterShapes() {
        return engine.parameters().shapes();
    }

    public long parameterCount() {
        return engine.parameters().parameterCount();
    }

    public List<FrozenTables> tables() {
        return tables;
    }

    /// Lookups so far of keys that no table has a row for.
    public long unknownCount() {
        return tables.stream().mapToLong(EmbeddingLookup::unknownCount).sum();
    }

    /// The predictions of all tasks for at most [#batchRowCount()] encoded rows.
    ///
    /// @param predictions one array a task, [B, width] row-major: probabilities or values, in the order of the tasks
    public void predict(Batch batch, double[][] predictions) {
        float[][] outputs = Evaluator.outputs(tasks); // [K][B · width]
        network.predict(batch, tables, outputs);
        for (int k = 0; k < predictions.length; k++) {
            FittedTask task = tasks.get(k);
            for (int b = 0; b < batch.rowCount(); b++) {
                task.predict(outputs[k], b * task.width(), predictions[k], b * task.width());
            }
        }
    }

    public static int batchRowCount() {
        return Evaluator.BATCH_ROW_COUNT;
    }

    /// What the model predicts for the labelled rows of a split.
    public Evaluation evaluate(Dataset dataset, Split split) {
        return new Evaluator(network, tables, tasks, Experiments.hasUsers(experiment)).evaluate(dataset, split);
    }

    @Override
    public void close() {
        tables.forEach(FrozenTables::close);
        engine.close();
    }
}
