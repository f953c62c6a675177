package io.github.corymb.train;

import io.github.corymb.bundle.Examples;
import io.github.corymb.bundle.Fusion;
import io.github.corymb.embedding.Storage;
import java.util.Map;
import java.util.Optional;

/// How a model is exported.
///
/// @param storage of the tables' rows
/// @param isQuantized whether the dense network's hidden layers are computed in 8 bits
/// @param allInOne whether also the network with the tables inside is written, in float32
/// @param fusions by name, to go with the experiment's, or in place of those of the same name
/// @param examples rows to try it with; left out where they are too long
public record ExportOptions(
        Storage storage,
        boolean isQuantized,
        boolean allInOne,
        Map<String, Fusion> fusions,
        Optional<Examples> examples) {

    public ExportOptions {
        fusions = Map.copyOf(fusions);
    }
}
