package io.github.corymb;

import java.util.HashMap;
import java.util.Map;

/// Where the keys and values of an experiment were written: `FILE:LINE:COLUMN`, or the option that set them.
final class Places {

    private final String origin;
    private final Map<KeyPath, String> keys = new HashMap<>();
    private final Map<KeyPath, String> values = new HashMap<>();

    Places(String origin) {
        this.origin = origin;
    }

    void put(KeyPath path, String keyPlace, String valuePlace) {
        keys.put(path, keyPlace);
        values.put(path, valuePlace);
    }

    /// The place of the key that `path` ends with; of the nearest thing around it, where that was never written.
    String ofKey(KeyPath path) {
        return nearest(keys, path);
    }

    /// The place of the value at `path`; of the nearest thing around it, where that was never written.
    String ofValue(KeyPath path) {
        return nearest(values, path);
    }

    private String nearest(Map<KeyPath, String> places, KeyPath path) {
        KeyPath at = path;
        while (!places.containsKey(at) && !at.isRoot()) {
            at = at.parent();
        }
        return places.getOrDefault(at, origin);
    }
}
