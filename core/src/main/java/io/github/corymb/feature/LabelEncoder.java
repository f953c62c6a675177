package io.github.corymb.feature;

import java.util.Arrays;
import java.util.List;

/// Encodes the labels of one task, and the weights of its rows. Immutable.
public final class LabelEncoder {

    private final FittedTask task;
    private final String subject;
    private final long[] classKeys; // ascending
    private final int[] classes; // which class each key is of

    public LabelEncoder(FittedTask task) {
        this.task = task;
        this.subject = "task '" + task.name() + "'";
        List<String> names = task.classes();
        long[] keys = names.stream().mapToLong(Keys::ofText).toArray();
        this.classKeys = Arrays.stream(keys).sorted().toArray();
        this.classes = new int[keys.length];
        for (int index = 0; index < keys.length; index++) {
            classes[Arrays.binarySearch(classKeys, keys[index])] = index;
        }
    }

    /// Writes the labels of the first `rowCount` rows to `into[at …]`: NaN where there is none, 0 or 1 of a binary
    /// task, the unscaled number of a regression, the index of the class of a multiclass task.
    ///
    /// @param firstRow the number of the first row, counted over the whole input from 1, for error messages
    /// @throws InputException for a label that the task cannot have
    public void encode(Column column, int rowCount, long firstRow, float[] into, int at) {
        Place place = new Place(subject, firstRow);
        switch (task.task()) {
            case Task.Binary _ -> narrow(binary(column, rowCount, place), into, at);
            case Task.Regression regression -> narrow(numbers(regression, column, rowCount, place), into, at);
            case Task.Multiclass _ -> encodeClasses(column, rowCount, place, into, at);
        }
    }

    /// Writes what `row_weight` gives for the first `rowCount` rows to `into[at …]`.
    ///
    /// @throws InputException for a weight that is NULL, negative or not finite
    public void encodeWeights(Column column, int rowCount, long firstRow, float[] into, int at) {
        Place place = new Place(subject + ", row_weight", firstRow);
        double[] weights = NumberReader.read(column, rowCount, place);
        for (int row = 0; row < rowCount; row++) {
            if (!(weights[row] >= 0 && weights[row] <= Float.MAX_VALUE)) {
                String found = Double.isNaN(weights[row]) ? "NULL" : Double.toString(weights[row]);
                throw place.wrong("a weight of at least 0", found, row);
            }
        }
        narrow(weights, into, at);
    }

    /// The labels of a binary task, NaN where there is none.
    static double[] binary(Column column, int rowCount, Place place) {
        if (!isNumber(column) && !column.isEmpty(rowCount)) {
            throw place.wrongKind("a label of 0 or 1", column, rowCount);
        }
        double[] labels = NumberReader.read(column, rowCount, place);
        for (int row = 0; row < rowCount; row++) {
            if (labels[row] != 0 && labels[row] != 1 && !Double.isNaN(labels[row])) {
                throw place.wrong("a label of 0 or 1", shortest(labels[row]), row);
            }
        }
        return labels;
    }

    /// The labels of a regression, NaN where there is none.
    static double[] numbers(Task.Regression task, Column column, int rowCount, Place place) {
        double[] labels = NumberReader.read(column, rowCount, place);
        double minimum = task.scale() == Task.LabelScale.LOG ? 0 : -Float.MAX_VALUE;
        String expected = task.scale() == Task.LabelScale.LOG ? "a label of at least 0" : "a label in a float's range";
        for (int row = 0; row < rowCount; row++) {
            if (labels[row] < minimum || labels[row] > Float.MAX_VALUE) {
                throw place.wrong(expected, shortest(labels[row]), row);
            }
        }
        return labels;
    }

    private void encodeClasses(Column column, int rowCount, Place place, float[] into, int at) {
        long[] keys = classKeys(column, rowCount, place);
        for (int row = 0; row < rowCount; row++) {
            int found = Arrays.binarySearch(classKeys, keys[row]);
            if (found >= 0) {
                into[at + row] = classes[found];
            } else if (keys[row] == Keys.NONE) {
                into[at + row] = Float.NaN;
            } else {
                String name = className(column, row);
                String hint = NearestName.hint(name, task.classes());
                throw place.wrong("one of the " + task.classes().size() + " classes", "'" + name + "'" + hint, row);
            }
        }
    }

    /// The keys of the labels of a multiclass task, [Keys#NONE] where there is none.
    static long[] classKeys(Column column, int rowCount, Place place) {
        if (column instanceof Column.Lists) {
            if (!column.isEmpty(rowCount)) {
                throw place.wrongKind("a class", column, rowCount);
            }
            return new long[rowCount];
        }
        return new KeyReader(null).read(column, 0, rowCount);
    }

    /// The label of a row as text.
    static String className(Column column, int row) {
        return switch (column) {
            case Column.Longs longs -> Long.toString(longs.values()[row]);
            case Column.Doubles doubles -> shortest(doubles.values()[row]);
            case Column.Texts texts -> texts.text(row);
            case Column.Lists _ -> throw new IllegalArgumentException("expected a single value, found a list");
        };
    }

    private static boolean isNumber(Column column) {
        return column instanceof Column.Longs || column instanceof Column.Doubles;
    }

    private static String shortest(double number) {
        boolean integer = number == Math.rint(number) && Math.abs(number) < 0x1p63;
        return integer ? Long.toString((long) number) : Double.toString(number);
    }

    private static void narrow(double[] numbers, float[] into, int at) {
        for (int row = 0; row < numbers.length; row++) {
            into[at + row] = (float) numbers[row];
        }
    }
}
