package io.github.corymb.train;

import io.github.corymb.Experiment;
import io.github.corymb.ExperimentReader;
import io.github.corymb.bundle.BundleJson;
import io.github.corymb.bundle.BundleLayout;
import io.github.corymb.bundle.BundleReader;
import io.github.corymb.bundle.BundleSchema;
import io.github.corymb.bundle.BundleWriter;
import io.github.corymb.bundle.Examples;
import io.github.corymb.bundle.Fusion;
import io.github.corymb.bundle.GraphSignature;
import io.github.corymb.bundle.ServingSpec;
import io.github.corymb.data.Dataset;
import io.github.corymb.data.Split;
import io.github.corymb.embedding.FrozenTables;
import io.github.corymb.embedding.Storage;
import io.github.corymb.export.ModelGraph;
import io.github.corymb.export.QuantizedGraph;
import io.github.corymb.feature.Field;
import io.github.corymb.feature.FittedTask;
import io.github.corymb.feature.InputException;
import io.github.corymb.metric.Metric;
import io.github.corymb.tensor.Array;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Writes a bundle for serving from a trained model: what its bundle holds, the tables in a storage of choice, the
/// dense network as an ONNX graph, and what serving must know of it. `predict`, `evaluate` and `inspect` read it as any
/// other bundle.
public final class Exporter {

    private Exporter() {}

    /// Users and items of the data that the model was trained on, to go with a bundle.
    ///
    /// @throws InputException if the experiment's data cannot be read any more
    public static Examples examples(Path runOrBundle) {
        BundleReader bundle = BundleReader.open(TrainedModel.bundleOf(runOrBundle));
        return ExampleRows.read(
                ExperimentReader.read(bundle.file(BundleLayout.EXPERIMENT), List.of()),
                BundleJson.readSchema(bundle).features());
    }

    /// Exports the dense network in float32, without examples.
    public static void export(
            Path runOrBundle,
            Path out,
            Storage storage,
            boolean allInOne,
            Map<String, Fusion> fusions,
            InstantSource clock) {
        export(runOrBundle, out, new ExportOptions(storage, false, allInOne, fusions, Optional.empty()), clock);
    }

    /// @param runOrBundle a finished run, or a bundle
    /// @param out missing, or an empty folder
    /// @throws InputException if `runOrBundle` is none or was altered, `out` is taken, a name would stand for two, or
    ///     the data to calibrate with cannot be read any more
    public static void export(Path runOrBundle, Path out, ExportOptions options, InstantSource clock) {
        BundleReader bundle = BundleReader.open(TrainedModel.bundleOf(runOrBundle));
        Experiment experiment = ExperimentReader.read(bundle.file(BundleLayout.EXPERIMENT), List.of());
        BundleSchema schema = BundleJson.readSchema(bundle);
        List<List<Field>> sets = TableSets.fields(experiment.model(), schema.features(), schema.tasks());
        try (BundleWriter writer = BundleWriter.create(out)) {
            Map<String, Fusion> fusions = new HashMap<>(experiment.serving().fusions());
            fusions.putAll(options.fusions());
            ServingSpec serving = new ServingSpec(GraphSignature.of(schema.features(), schema.tasks(), sets), fusions);
            for (String same : List.of(BundleLayout.EXPERIMENT, BundleLayout.SCHEMA, BundleLayout.DENSE)) {
                Files.copy(bundle.file(same), writer.file(same));
            }
            BundleJson.write(writer, BundleLayout.SERVING, serving);
            if (options.examples().isPresent()) {
                write(writer, options.examples().get());
            }
            Path tables = Files.createDirectory(writer.folder().resolve(BundleLayout.TABLES));
            for (List<Field> fields : sets) {
                try (FrozenTables set = FrozenTables.open(bundle.tables(), fields)) {
                    set.verify();
                    set.write(tables, options.storage());
                }
            }
            Map<String, Array> parameters = Checkpoint.readArrays(bundle.dense());
            byte[] graph = ModelGraph.record(
                    experiment.model(),
                    schema.tasks(),
                    serving.graph(),
                    parameters,
                    experiment.name(),
                    Version.current());
            Files.write(
                    writer.file(BundleLayout.GRAPH),
                    options.isQuantized() ? quantized(graph, experiment, schema, serving.graph(), tables) : graph);
            if (options.allInOne()) {
                byte[] whole = ModelGraph.recordAllInOne(
                        experiment.model(),
                        schema.tasks(),
                        serving.graph(),
                        parameters,
                        schema.features().features(),
                        SmallTables.read(tables, sets),
                        experiment.name(),
                        Version.current());
                Files.write(writer.file(BundleLayout.ALL_IN_ONE), whole);
            }
            writer.commit(Version.current(), clock.instant());
        } catch (IllegalArgumentException mismatch) {
            throw new InputException("bundle %s: %s".formatted(bundle.folder(), mismatch.getMessage()), mismatch);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static void write(BundleWriter writer, Examples examples) throws IOException {
        BundleJson.write(writer, BundleLayout.EXAMPLES, examples);
        Path file = writer.file(BundleLayout.EXAMPLES);
        if (Files.size(file) > Examples.SIZE_LIMIT) {
            Files.delete(file); // such as rows with long vectors
        }
    }

    /// The fusions of a model's experiment, with others added to it.
    ///
    /// @param settings each `NAME=FUSION` as it would stand in an experiment file, `{type: …, weights: {…}}`
    /// @throws InputException where one is none, or weighs a task that there is not
    public static Map<String, Fusion> fusions(Path runOrBundle, List<String> settings) {
        BundleReader bundle = BundleReader.open(TrainedModel.bundleOf(runOrBundle));
        List<String> assignments =
                settings.stream().map(setting -> "serving.fusions." + setting).toList();
        return ExperimentReader.read(bundle.file(BundleLayout.EXPERIMENT), assignments)
                .serving()
                .fusions();
    }

    private static byte[] quantized(
            byte[] graph, Experiment experiment, BundleSchema schema, GraphSignature signature, Path tables)
            throws IOException {
        try (CalibrationRows rows = CalibrationRows.open(experiment, schema, signature, tables)) {
            return QuantizedGraph.of(graph, rows);
        }
    }

    /// What a metric of the run's test rows is by the model as it was trained, and by what was exported.
    public record Cost(String task, String metric, double trained, double exported) {}

    /// What another storage of tables, and computing in 8 bits, cost: AUC, or a task's first metric, over the test rows
    /// of the experiment, as ONNX Runtime scores them.
    ///
    /// @throws InputException if the experiment's data cannot be read any more
    public static List<Cost> costs(Path runOrBundle, Path exported) {
        try (TrainedModel trained = TrainedModel.open(runOrBundle);
                ExportedModel served = ExportedModel.open(exported);
                Dataset dataset = Experiments.open(trained, null, List.of())) {
            List<Evaluation.TaskScores> before =
                    trained.evaluate(dataset, Split.TEST).tasks();
            List<Evaluation.TaskScores> after =
                    served.evaluate(dataset, Split.TEST).tasks();
            List<Cost> costs = new ArrayList<>();
            for (int k = 0; k < before.size(); k++) {
                FittedTask task = before.get(k).task();
                Metric metric = Evaluation.metricsOf(task).getFirst();
                OptionalDouble one = metric.compute(before.get(k).scored());
                OptionalDouble two = metric.compute(after.get(k).scored());
                if (one.isPresent() && two.isPresent()) {
                    costs.add(new Cost(task.name(), metric.name(), one.getAsDouble(), two.getAsDouble()));
                }
            }
            return costs;
        }
    }
}
