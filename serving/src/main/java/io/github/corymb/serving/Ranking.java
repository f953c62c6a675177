package io.github.corymb.serving;

import java.util.List;

/// The answer to one request, all of it by one bundle. It owns its arrays.
///
/// @param bundle that answered
/// @param tasks predictions, in the order in which tasks were asked for
/// @param fusion the name of the bundle's fusion, `request` for the asker's own, or the task whose prediction it is
/// @param scores the fused score of each item, in the order of the items: n. Empty where no task has a single output
/// @param order indices of the best items by score, best first, of equal ones the earlier first; in the order of the
///     items where there are no scores
/// @param explanations of the best items, as many as were asked for, in their order
/// @param times what it took
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Ranking(
        BundleIdentity bundle,
        List<TaskScores> tasks,
        String fusion,
        double[] scores,
        int[] order,
        List<Explanation> explanations,
        StageTimes times) {

    /// What a model predicts of one task: probabilities, or the value of a regression.
    ///
    /// @param width 1, or the number of classes
    /// @param values [n, width] row-major
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record TaskScores(String task, int width, float[] values) {}

    /// What each feature does to the predictions of one item: the prediction, minus the one where this feature alone
    /// has no value. The differences of all features need not sum to anything.
    ///
    /// @param item its index
    /// @param features of the bundle, F
    /// @param differences a task each, in the order of the answer's: [F, width] row-major
    public record Explanation(int item, List<String> features, List<float[]> differences) {}

    /// Nanoseconds of the parts of a request.
    ///
    /// @param encodeNanos encoding, looking up and pooling
    /// @param graphNanos inside ONNX Runtime
    /// @param fuseNanos copying, fusing and ordering
    /// @param explainNanos explaining
    public record StageTimes(long encodeNanos, long graphNanos, long fuseNanos, long explainNanos) {}

    Ranking with(List<Explanation> explained, StageTimes taken) {
        return new Ranking(bundle, tasks, fusion, scores, order, explained, taken);
    }

    public int itemCount() {
        return tasks.isEmpty()
                ? 0
                : tasks.getFirst().values().length / tasks.getFirst().width();
    }

    /// The predictions of one task.
    ///
    /// @throws IllegalArgumentException where it was not asked for
    public float[] task(String name) {
        return tasks.stream()
                .filter(scores -> scores.task().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no task '%s' in this answer".formatted(name)))
                .values();
    }
}
