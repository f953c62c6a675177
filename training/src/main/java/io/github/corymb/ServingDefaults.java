package io.github.corymb;

import io.github.corymb.bundle.Fusion;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// The `serving` of an experiment file: what goes with every bundle that is exported of it.
///
/// @param fusions score fusions by name, of which `default` is taken where a request names none; default none
public record ServingDefaults(Map<String, Fusion> fusions) {

    public ServingDefaults {
        fusions = fusions == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(fusions));
        fusions.forEach((name, fusion) -> {
            if (fusion == null) {
                throw new IllegalArgumentException("fusions." + name + ": expected a mapping, found nothing");
            }
        });
    }
}
