package io.github.corymb.serving;

import io.github.corymb.bundle.Fusion;
import java.util.List;

/// What is asked about the items beside their features.
///
/// @param tasks whose predictions are wanted, in this order; empty for all
/// @param fusionName one of the bundle's, or null
/// @param fusion one of the asker's own, or null. Without either, the bundle's `default` counts, or the only one it
///     has, or else the prediction of the first task that has a single output
/// @param topCount how many of the best items are ordered, at least 1
public record RankQuestion(List<String> tasks, String fusionName, Fusion fusion, int topCount) {

    /// Everything about all items.
    public static final RankQuestion ALL = new RankQuestion(List.of(), null, null, Integer.MAX_VALUE);

    public RankQuestion {
        tasks = List.copyOf(tasks);
        if (fusionName != null && fusion != null) {
            throw new IllegalArgumentException("fusion: expected a name or a definition, found both");
        }
        if (topCount < 1) {
            throw new IllegalArgumentException("top_k: expected at least 1, found " + topCount);
        }
    }

    public RankQuestion forTasks(String... wanted) {
        return new RankQuestion(List.of(wanted), fusionName, fusion, topCount);
    }

    public RankQuestion fusedBy(String name) {
        return new RankQuestion(tasks, name, null, topCount);
    }

    public RankQuestion fusedBy(Fusion own) {
        return new RankQuestion(tasks, null, own, topCount);
    }

    public RankQuestion top(int count) {
        return new RankQuestion(tasks, fusionName, fusion, count);
    }
}
