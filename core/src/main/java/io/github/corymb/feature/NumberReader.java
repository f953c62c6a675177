package io.github.corymb.feature;

/// Reads a column as finite numbers.
final class NumberReader {

    private NumberReader() {}

    /// The numbers of the first `rowCount` rows, NaN where a row has none.
    ///
    /// @throws InputException for a column of another kind, and for a number that is not finite
    static double[] read(Column column, int rowCount, Place place) {
        double[] numbers = new double[rowCount];
        switch (column) {
            case Column.Longs longs -> widen(longs.values(), numbers);
            case Column.Doubles doubles -> {
                checkFinite(doubles, rowCount, place);
                System.arraycopy(doubles.values(), 0, numbers, 0, rowCount);
            }
            case Column.Texts _, Column.Lists _ -> {
                if (!column.isEmpty(rowCount)) {
                    throw place.wrongKind("a number", column, rowCount);
                }
            }
        }
        if (column.nulls() != null) {
            markNulls(column.nulls(), numbers);
        }
        return numbers;
    }

    private static void checkFinite(Column.Doubles column, int rowCount, Place place) {
        double[] values = column.values();
        for (int row = 0; row < rowCount; row++) {
            if (!Double.isFinite(values[row]) && !column.isNull(row)) {
                throw place.wrong("a finite number", Double.toString(values[row]), row);
            }
        }
    }

    private static void widen(long[] values, double[] into) {
        for (int row = 0; row < into.length; row++) {
            into[row] = values[row];
        }
    }

    private static void markNulls(boolean[] nulls, double[] numbers) {
        for (int row = 0; row < numbers.length; row++) {
            if (nulls[row]) {
                numbers[row] = Double.NaN;
            }
        }
    }
}
