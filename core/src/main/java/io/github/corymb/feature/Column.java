package io.github.corymb.feature;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The values of one column for some rows, whether they were read from a file or came with a request. How many rows
/// there are is said beside it: a reader reuses its arrays, which may be longer. `nulls` marks the rows without a
/// value, and may itself be null where every row has one. Whoever is given a column reads it and keeps nothing of it.
@SuppressWarnings("ArrayRecordComponent") // views of a reader's buffers, never compared
public sealed interface Column {

    boolean[] nulls();

    default boolean isNull(int row) {
        return nulls() != null && nulls()[row];
    }

    /// Integers of any width, dates as numbers, and booleans as 0 and 1.
    record Longs(long[] values, boolean[] nulls) implements Column {}

    /// Numbers with a fraction.
    record Doubles(double[] values, boolean[] nulls) implements Column {}

    /// Texts one after another in UTF-8: row b owns the bytes from `offsets[b]` to `offsets[b + 1]`.
    record Texts(byte[] utf8, int[] offsets, boolean[] nulls) implements Column {
        public String text(int row) {
            return new String(utf8, offsets[row], offsets[row + 1] - offsets[row], StandardCharsets.UTF_8);
        }
    }

    /// Lists one after another: row b owns the entries of `elements` from `offsets[b]` to `offsets[b + 1]`.
    record Lists(int[] offsets, Column elements, boolean[] nulls) implements Column {}

    /// The columns of one request: a row of plain values, see [#ofRows(List)].
    ///
    /// @throws InputException for a value of another class
    static Map<String, Column> ofRequest(Map<String, ?> values) {
        Map<String, Column> columns = LinkedHashMap.newLinkedHashMap(values.size());
        values.forEach((name, value) -> columns.put(name, ofRow(value)));
        return columns;
    }

    /// A column of one row.
    static Column ofRow(Object value) {
        return new ColumnBuilder(1).add(value).build();
    }

    /// A column of plain values, one a row, each a [Number], [Boolean], [String], [List] of such, or null. All must be
    /// of one kind; integers among numbers with a fraction become such.
    ///
    /// @throws InputException for a value of another class, or values of several kinds
    static Column ofRows(List<?> values) {
        ColumnBuilder builder = new ColumnBuilder(values.size());
        values.forEach(builder::add);
        return builder.build();
    }

    /// The value of a row as [#ofRows(List)] takes it: a [Long], [Double], [String], [List] of such, or null.
    default Object value(int row) {
        if (isNull(row)) {
            return null;
        }
        return switch (this) {
            case Longs longs -> longs.values()[row];
            case Doubles doubles -> doubles.values()[row];
            case Texts texts -> texts.text(row);
            case Lists lists -> {
                List<Object> values = new ArrayList<>();
                for (int at = lists.offsets()[row]; at < lists.offsets()[row + 1]; at++) {
                    values.add(lists.elements().value(at));
                }
                yield values;
            }
        };
    }

    /// Whether none of the first `rowCount` rows has a value, so that the kind of the column means nothing.
    default boolean isEmpty(int rowCount) {
        return firstValue(rowCount) == rowCount;
    }

    /// The first row that has a value, or `rowCount` where none has.
    default int firstValue(int rowCount) {
        int row = 0;
        while (row < rowCount && isNull(row)) {
            row++;
        }
        return row;
    }
}
