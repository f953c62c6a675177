package io.github.corymb.feature;

import java.util.Map;

/// Where a value stands, for the message that refuses it.
///
/// @param subject what reads the value, such as `feature 'price'`
/// @param firstRow the number of the chunk's first row, counted over the whole input from 1
record Place(String subject, long firstRow) {

    InputException wrong(String expected, String found, int row) {
        return new InputException(
                subject + ": expected " + expected + ", found " + found + " (row " + (firstRow + row) + ")");
    }

    /// The refusal of a column of the wrong kind, at the first row that has a value.
    InputException wrongKind(String expected, Column found, int rowCount) {
        int row = found.firstValue(rowCount);
        String value = switch (found) {
            case Column.Texts texts -> "text '" + texts.text(row) + "'";
            case Column.Longs longs -> Long.toString(longs.values()[row]);
            case Column.Doubles doubles -> Double.toString(doubles.values()[row]);
            case Column.Lists lists -> lists.elements() instanceof Column.Lists ? "a list of lists" : "a list";
        };
        return wrong(expected, value, row);
    }

    Column find(Map<String, Column> columns, String name) {
        Column column = columns.get(name);
        if (column == null) {
            throw new InputException(subject + ": expected a column '" + name + "', found none of that name"
                    + NearestName.hint(name, columns.keySet()));
        }
        return column;
    }
}
