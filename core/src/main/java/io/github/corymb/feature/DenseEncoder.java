package io.github.corymb.feature;

/// Encodes a [Feature.Dense]: its numbers, and whether they are missing.
///
/// @param length how many numbers a row has
/// @param offset which of the batch's numeric inputs is its first
record DenseEncoder(int length, int offset) implements ColumnEncoder {

    @Override
    public void encode(Column column, int rowCount, Place place, Batch into) {
        if (column instanceof Column.Lists lists) {
            encode(lists, rowCount, place, into);
        } else if (column.isEmpty(rowCount)) {
            for (int row = 0; row < rowCount; row++) {
                markMissing(into, row);
            }
        } else {
            throw place.wrongKind(expected(), column, rowCount);
        }
    }

    private void encode(Column.Lists lists, int rowCount, Place place, Batch into) {
        int[] offsets = lists.offsets();
        for (int row = 0; row < rowCount; row++) {
            if (lists.isNull(row)) {
                markMissing(into, row);
            } else if (offsets[row + 1] - offsets[row] != length) {
                throw place.wrong(expected(), "a list of " + (offsets[row + 1] - offsets[row]), row);
            }
        }
        switch (lists.elements()) {
            case Column.Longs longs -> copy(longs.values(), lists, rowCount, into);
            case Column.Doubles doubles -> copy(doubles.values(), lists, rowCount, into);
            case Column.Texts _, Column.Lists _ -> {
                int row = lists.firstValue(rowCount);
                if (row < rowCount) {
                    throw place.wrong(expected(), "a list of " + plural(lists.elements()), row);
                }
            }
        }
        check(lists, rowCount, place, into);
    }

    private void copy(long[] values, Column.Lists lists, int rowCount, Batch into) {
        float[] numeric = into.numeric();
        for (int row = 0; row < rowCount; row++) {
            int from = lists.offsets()[row];
            int at = row * into.numericWidth() + offset;
            for (int entry = 0; entry < length && !lists.isNull(row); entry++) {
                numeric[at + entry] = values[from + entry];
            }
        }
    }

    private void copy(double[] values, Column.Lists lists, int rowCount, Batch into) {
        float[] numeric = into.numeric();
        for (int row = 0; row < rowCount; row++) {
            int from = lists.offsets()[row];
            int at = row * into.numericWidth() + offset;
            for (int entry = 0; entry < length && !lists.isNull(row); entry++) {
                numeric[at + entry] = (float) values[from + entry];
            }
        }
    }

    /// Refuses an entry that is NULL, or not finite as a float.
    private void check(Column.Lists lists, int rowCount, Place place, Batch into) {
        float[] numeric = into.numeric();
        for (int row = 0; row < rowCount; row++) {
            int from = lists.offsets()[row];
            int at = row * into.numericWidth() + offset;
            for (int entry = 0; entry < length && !lists.isNull(row); entry++) {
                if (lists.elements().isNull(from + entry)) {
                    throw place.wrong(expected(), "NULL as entry " + (entry + 1), row);
                }
                if (!Float.isFinite(numeric[at + entry]) && lists.elements() instanceof Column.Doubles doubles) {
                    throw place.wrong(expected(), doubles.values()[from + entry] + " as entry " + (entry + 1), row);
                }
            }
        }
    }

    private void markMissing(Batch into, int row) {
        into.numeric()[row * into.numericWidth() + offset + length] = 1f;
    }

    private String expected() {
        return "a list of " + length + " finite numbers";
    }

    private static String plural(Column elements) {
        return elements instanceof Column.Lists ? "lists" : "texts";
    }
}
