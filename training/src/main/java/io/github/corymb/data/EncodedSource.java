package io.github.corymb.data;

import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.FittedTask;
import java.util.List;

/// A source after it was split, fitted and encoded.
///
/// @param schema the features with what was learned of them
/// @param tasks the tasks with what was learned of them
/// @param summary what the split came to
/// @param counts by task and split
/// @param splits encoded rows, by split
/// @param memory what holds them
record EncodedSource(
        FeatureSchema schema,
        List<FittedTask> tasks,
        SplitSummary summary,
        List<List<LabelCount>> counts,
        List<RowCache> splits,
        CacheMemory memory) {

    /// How a row is laid out.
    CachedRow layout() {
        return CachedRow.of(schema, tasks.size());
    }
}
