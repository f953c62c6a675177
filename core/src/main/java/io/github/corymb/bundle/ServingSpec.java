package io.github.corymb.bundle;

import java.util.Collections;
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
        Fusion.check(
                "fusions",
                fusions,
                graph.outputs().stream()
                        .filter(output -> output.width() == 1)
                        .map(GraphSignature.Output::name)
                        .toList());
    }
}
