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
/// @param explainCount how many of those are explained, by a run of the graph a feature; from 0 to [#EXPLAIN_LIMIT]
public record RankQuestion(List<String> tasks, String fusionName, Fusion fusion, int topCount, int explainCount) {

    /// How many items one question may have explained.
    public static final int EXPLAIN_LIMIT = 50;

    /// Everything about all items, without an explanation.
    public static final RankQuestion ALL = new RankQuestion(List.of(), null, null, Integer.MAX_VALUE, 0);

    public RankQuestion {
        tasks = List.copyOf(tasks);
        if (fusionName != null && fusion != null) {
            throw new IllegalArgumentException("fusion: expected a name or a definition, found both");
        }
        if (topCount < 1) {
            throw new IllegalArgumentException("top_k: expected at least 1, found " + topCount);
        }
        if (explainCount < 0 || explainCount > EXPLAIN_LIMIT) {
            throw new IllegalArgumentException(
                    "explain.items: expected from 0 to %d, found %d".formatted(EXPLAIN_LIMIT, explainCount));
        }
    }

    public RankQuestion forTasks(String... wanted) {
        return new RankQuestion(List.of(wanted), fusionName, fusion, topCount, explainCount);
    }

    public RankQuestion fusedBy(String name) {
        return new RankQuestion(tasks, name, null, topCount, explainCount);
    }

    public RankQuestion fusedBy(Fusion own) {
        return new RankQuestion(tasks, null, own, topCount, explainCount);
    }

    public RankQuestion top(int count) {
        return new RankQuestion(tasks, fusionName, fusion, count, explainCount);
    }

    public RankQuestion explaining(int count) {
        return new RankQuestion(tasks, fusionName, fusion, topCount, count);
    }
}
