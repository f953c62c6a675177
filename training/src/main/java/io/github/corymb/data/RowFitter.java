package io.github.corymb.data;

import io.github.corymb.feature.Column;
import io.github.corymb.feature.Feature;
import io.github.corymb.feature.FeatureFitter;
import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.FittedTask;
import io.github.corymb.feature.InputException;
import io.github.corymb.feature.Task;
import io.github.corymb.feature.TaskFitter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The pass that learns from the training rows, in their order: what numeric features are scaled by, and the classes
/// and means of labels.
final class RowFitter {

    private final SourceTable table;
    private final FeatureSchema unfitted;
    private final Map<String, Task> unfittedTasks;
    private final long seed;
    private final LoadListener listener;
    private final List<String> numericColumns; // the only ones that are learned from
    private final FeatureFitter fitter;
    private final List<TaskFitter> taskFitters = new ArrayList<>();

    RowFitter(
            SourceTable table,
            FeatureSchema unfitted,
            Map<String, Task> unfittedTasks,
            long seed,
            LoadListener listener) {
        this.table = table;
        this.unfitted = unfitted;
        this.unfittedTasks = unfittedTasks;
        this.seed = seed;
        this.listener = listener;
        this.numericColumns = unfitted.features().entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Feature.Numeric)
                .map(entry -> entry.getValue().columnOr(entry.getKey()))
                .distinct()
                .toList();
        this.fitter = new FeatureFitter(unfitted, seed);
        unfittedTasks.forEach((name, task) -> taskFitters.add(new TaskFitter(name, task)));
    }

    /// @param splitOf of each row
    void run(byte[] splitOf) {
        List<String> names = new ArrayList<>(table.namesOf(numericColumns));
        int labelsAt = names.size();
        for (int k = 0; k < taskFitters.size(); k++) {
            names.add(ReadPlan.label(k));
        }
        if (names.isEmpty()) {
            return;
        }
        int firstRow = 0;
        try (QueryResult chunk = table.select(names)) {
            while (chunk.next()) {
                int[] rows = trainingRows(splitOf, firstRow, chunk.rowCount());
                add(chunk, rows, firstRow, labelsAt);
                firstRow += chunk.rowCount();
                listener.progress("fit", firstRow, table.rowCount());
            }
        }
    }

    private void add(QueryResult chunk, int[] rows, int firstRow, int labelsAt) {
        try {
            fitter.add(numeric(chunk, rows), rows.length, firstRow + 1L);
            for (int k = 0; k < taskFitters.size(); k++) {
                Column labels = VectorReader.read(chunk.vector(labelsAt + k), rows, rows.length);
                taskFitters.get(k).add(labels, rows.length, firstRow + 1L);
            }
        } catch (InputException e) {
            locate(chunk, rows, firstRow, labelsAt);
            throw e;
        }
    }

    /// Goes through the rows of a refused chunk one by one, so that the message tells the row's number in the source.
    private void locate(QueryResult chunk, int[] rows, int firstRow, int labelsAt) {
        for (int row : rows) {
            int[] one = {row};
            new FeatureFitter(unfitted, seed).add(numeric(chunk, one), 1, firstRow + row + 1L);
            int k = 0;
            for (Map.Entry<String, Task> task : unfittedTasks.entrySet()) {
                Column label = VectorReader.read(chunk.vector(labelsAt + k++), one, 1);
                new TaskFitter(task.getKey(), task.getValue()).add(label, 1, firstRow + row + 1L);
            }
        }
    }

    private Map<String, Column> numeric(QueryResult chunk, int[] rows) {
        return SourceTable.features(chunk, numericColumns, rows, rows.length);
    }

    private static int[] trainingRows(byte[] splitOf, int firstRow, int count) {
        int[] rows = new int[count];
        int found = 0;
        for (int row = 0; row < count; row++) {
            if (splitOf[firstRow + row] == Split.TRAIN.index()) {
                rows[found++] = row;
            }
        }
        return Arrays.copyOf(rows, found);
    }

    FeatureSchema schema() {
        return fitter.finish();
    }

    List<FittedTask> tasks() {
        return taskFitters.stream().map(TaskFitter::finish).toList();
    }
}
