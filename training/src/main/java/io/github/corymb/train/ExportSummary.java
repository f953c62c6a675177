package io.github.corymb.train;

import io.github.corymb.bundle.BundleJson;
import io.github.corymb.bundle.BundleLayout;
import io.github.corymb.bundle.BundleReader;
import io.github.corymb.bundle.ServingSpec;
import io.github.corymb.export.GraphFigures;
import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What an export added to a bundle.
///
/// @param serving the graph's inputs and outputs, and the fusions
/// @param graph how large it is
public record ExportSummary(ServingSpec serving, GraphFigures graph) {

    /// Of a bundle, where it was exported.
    static Optional<ExportSummary> of(BundleReader bundle) {
        if (!bundle.manifest().files().containsKey(BundleLayout.GRAPH)) {
            return Optional.empty();
        }
        Path file = bundle.file(BundleLayout.GRAPH);
        try {
            GraphFigures graph = GraphFigures.of(Files.readAllBytes(file));
            return Optional.of(new ExportSummary(BundleJson.readServing(bundle), graph));
        } catch (IOException | IllegalArgumentException problem) {
            throw new InputException("%s: cannot be read: %s".formatted(file, problem.getMessage()), problem);
        }
    }
}
