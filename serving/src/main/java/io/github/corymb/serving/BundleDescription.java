package io.github.corymb.serving;

import io.github.corymb.bundle.Examples;
import io.github.corymb.bundle.Fusion;
import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.FittedTask;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What one bundle takes and gives.
///
/// @param tasks in the order in which a ranking has them
/// @param fusions that a question may name
/// @param examples rows to try it with, where it was exported with some
public record BundleDescription(
        BundleIdentity identity,
        FeatureSchema schema,
        List<FittedTask> tasks,
        Map<String, Fusion> fusions,
        Optional<Examples> examples) {}
