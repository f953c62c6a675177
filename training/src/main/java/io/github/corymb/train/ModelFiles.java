package io.github.corymb.train;

import io.github.corymb.Experiment;
import io.github.corymb.ExperimentWriter;
import io.github.corymb.bundle.AtomicFiles;
import io.github.corymb.bundle.BundleJson;
import io.github.corymb.bundle.BundleLayout;
import io.github.corymb.bundle.BundleSchema;
import io.github.corymb.bundle.BundleWriter;
import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.FittedTask;
import io.github.corymb.tensor.torch.TorchEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/// The files of a trained model in a bundle.
final class ModelFiles {

    private ModelFiles() {}

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
            BundleJson.write(writer, BundleLayout.SCHEMA, new BundleSchema(schema, tasks));
            Checkpoint.writeArrays(
                    writer.file(BundleLayout.DENSE), engine.parameters().read());
            tables.write(writer.folder().resolve(BundleLayout.TABLES), false);
            writer.commit(Version.current(), created);
        }
    }
}
