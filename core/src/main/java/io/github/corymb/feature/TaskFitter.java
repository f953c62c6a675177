package io.github.corymb.feature;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/// Learns the classes and the mean of one task's labels, from the training rows in order. For one thread.
public final class TaskFitter {

    private final String name;
    private final Task task;
    private final Moments moments = new Moments();
    private final TreeSet<String> classes = new TreeSet<>(integersFirst());
    private long[] known = new long[0]; // ascending keys of the classes seen

    public TaskFitter(String name, Task task) {
        this.name = name;
        this.task = task;
    }

    /// Adds the labels of the first `rowCount` rows.
    ///
    /// @param firstRow the number of the first row, counted over the whole input from 1, for error messages
    /// @throws InputException for a label that the task cannot have
    public void add(Column column, int rowCount, long firstRow) {
        Place place = new Place("task '" + name + "'", firstRow);
        switch (task) {
            case Task.Binary _ -> addNumbers(LabelEncoder.binary(column, rowCount, place));
            case Task.Regression regression -> addNumbers(LabelEncoder.numbers(regression, column, rowCount, place));
            case Task.Multiclass multiclass -> {
                if (multiclass.classes() == null) {
                    addClasses(column, rowCount, place);
                }
            }
        }
    }

    /// @throws InputException where a multiclass task has fewer than two classes
    public FittedTask finish() {
        List<String> names = switch (task) {
            case Task.Multiclass multiclass ->
                multiclass.classes() == null ? List.copyOf(classes) : multiclass.classes();
            case Task.Binary _, Task.Regression _ -> List.of();
        };
        return new FittedTask(name, task, names, moments.mean());
    }

    private void addNumbers(double[] labels) {
        for (double label : labels) {
            if (!Double.isNaN(label)) {
                moments.add(label);
            }
        }
    }

    private void addClasses(Column column, int rowCount, Place place) {
        long[] keys = LabelEncoder.classKeys(column, rowCount, place);
        for (int row = 0; row < rowCount; row++) {
            int found = Arrays.binarySearch(known, keys[row]);
            if (found < 0 && keys[row] != Keys.NONE) {
                if (known.length == Task.CLASS_COUNT_LIMIT) {
                    throw place.wrong("at most " + Task.CLASS_COUNT_LIMIT + " classes", "more", row);
                }
                known = insert(known, -found - 1, keys[row]);
                classes.add(LabelEncoder.className(column, row));
            }
        }
    }

    private static long[] insert(long[] sorted, int at, long key) {
        long[] longer = Arrays.copyOf(sorted, sorted.length + 1);
        System.arraycopy(sorted, at, longer, at + 1, sorted.length - at);
        longer[at] = key;
        return longer;
    }

    /// Integers by value, then texts by code unit.
    private static Comparator<String> integersFirst() {
        return Comparator.comparingLong((String text) -> isInteger(text) ? Long.parseLong(text) : Long.MAX_VALUE)
                .thenComparing(Comparator.naturalOrder());
    }

    private static boolean isInteger(String text) {
        return text.matches("0|-?[1-9][0-9]{0,17}");
    }
}
