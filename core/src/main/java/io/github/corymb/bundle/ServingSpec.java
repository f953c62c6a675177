package io.github.corymb.bundle;

import io.github.corymb.feature.NearestName;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What `serving.json` holds: the names of the graph, and the fusions that a request may name.
///
/// @param graph what graph.onnx takes and gives
/// @param fusions by name; may be empty
public record ServingSpec(GraphSignature graph, Map<String, Fusion> fusions) {

    /// @throws IllegalArgumentException where a fusion weighs what is no task of one output
    public ServingSpec {
        fusions = Collections.unmodifiableMap(new TreeMap<>(fusions));
        List<String> single = graph.outputs().stream()
                .filter(output -> output.width() == 1)
                .map(GraphSignature.Output::name)
                .toList();
        fusions.forEach((name, fusion) -> fusion.weights().keySet().forEach(task -> {
            if (!single.contains(task)) {
                throw new IllegalArgumentException("fusions.%s: expected a binary or regression task, found '%s'%s"
                        .formatted(name, task, NearestName.hint(task, single)));
            }
        }));
    }
}
