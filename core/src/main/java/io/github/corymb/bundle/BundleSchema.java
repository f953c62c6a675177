package io.github.corymb.bundle;

import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.FittedTask;
import java.util.List;

/// What `schema.json` holds: how rows are encoded, and how outputs become predictions.
public record BundleSchema(FeatureSchema features, List<FittedTask> tasks) {

    public BundleSchema {
        tasks = List.copyOf(tasks);
    }
}
