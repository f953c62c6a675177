package io.github.corymb.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.corymb.Experiment;
import io.github.corymb.ExperimentWriter;
import io.github.corymb.bundle.AtomicFiles;
import io.github.corymb.bundle.BundleLayout;
import io.github.corymb.bundle.BundleReader;
import io.github.corymb.bundle.BundleWriter;
import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.FittedTask;
import io.github.corymb.feature.InputException;
import io.github.corymb.tensor.torch.TorchEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/// The files of a trained model in a bundle.
final class ModelFiles {

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private ModelFiles() {}

    /// What `schema.json` holds: how rows are encoded, and how outputs become predictions.
    record Schema(FeatureSchema features, List<FittedTask> tasks) {}

    static void write(
            Path bundle,
            Experiment experiment,
            FeatureSchema schema,
            List<FittedTask> tasks,
            TorchEngine engine,
            TableSets tables,
            Instant created)
            throws IOException {
        AtomicFiles.deleteTree(bundle); // of a run that was killed after it wrote one
        try (BundleWriter writer = BundleWriter.create(bundle)) {
            AtomicFiles.write(writer.file(BundleLayout.EXPERIMENT), ExperimentWriter.write(experiment));
            AtomicFiles.write(
                    writer.file(BundleLayout.SCHEMA), JSON.writeValueAsString(new Schema(schema, tasks)) + "\n");
            Checkpoint.writeArrays(
                    writer.file(BundleLayout.DENSE), engine.parameters().read());
            tables.write(writer.folder().resolve(BundleLayout.TABLES), false);
            writer.commit(Version.current(), created);
        }
    }

    static Schema readSchema(BundleReader bundle) {
        try {
            return JSON.readValue(bundle.text(BundleLayout.SCHEMA), Schema.class);
        } catch (JsonProcessingException problem) {
            throw new InputException(
                    "%s: expected fitted features and tasks: %s"
                            .formatted(bundle.file(BundleLayout.SCHEMA), problem.getOriginalMessage()),
                    problem);
        }
    }
}
