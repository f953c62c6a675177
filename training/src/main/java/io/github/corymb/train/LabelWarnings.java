package io.github.corymb.train;

import io.github.corymb.data.Dataset;
import io.github.corymb.data.Split;
import io.github.corymb.feature.FittedTask;
import io.github.corymb.feature.Task;
import java.util.ArrayList;
import java.util.List;

/// What about the labels of a split deserves a word, although nothing is wrong with the file.
public final class LabelWarnings {

    private LabelWarnings() {}

    /// One line for each task that has no labelled row, or no positive or no negative one, in a split that has rows.
    public static List<String> of(Dataset dataset) {
        List<String> warnings = new ArrayList<>();
        for (Split split : Split.values()) {
            if (dataset.rowCount(split) == 0) {
                continue;
            }
            for (int k = 0; k < dataset.tasks().size(); k++) {
                FittedTask task = dataset.tasks().get(k);
                long labelled = dataset.labelledCount(split, k);
                long positive = dataset.positiveCount(split, k);
                String missing = missing(task, labelled, positive);
                if (missing != null) {
                    warnings.add("tasks.%s: no %s row in the %s split; metrics that need one are shown as n/a"
                            .formatted(task.name(), missing, split.word()));
                }
            }
        }
        return warnings;
    }

    private static String missing(FittedTask task, long labelled, long positive) {
        if (labelled == 0) {
            return "labelled";
        }
        if (!(task.task() instanceof Task.Binary)) {
            return null;
        }
        return positive == 0 ? "positive" : positive == labelled ? "negative" : null;
    }
}
