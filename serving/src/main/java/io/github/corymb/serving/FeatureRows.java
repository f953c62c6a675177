package io.github.corymb.serving;

import io.github.corymb.feature.Column;
import io.github.corymb.feature.ColumnBuilder;
import io.github.corymb.feature.InputException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Values of columns for some rows: one row for a user and the context, one an item for items. Columns are named as in
/// the training data (`column` of a feature, by default the feature's name).
///
/// A column that a feature reads and that is not given is NULL in every row; what NULL means is said by
/// [io.github.corymb.feature.Feature]. Filled by one thread; after that any number may read it. Arrays are kept, not
/// copied.
public final class FeatureRows {

    /// Rows times columns of [#ofMaps(List)].
    public static final int VALUE_LIMIT = 5_000_000;

    private final int rowCount;
    private final Map<String, Column> columns = new LinkedHashMap<>();

    private FeatureRows(int rowCount) {
        if (rowCount < 0) {
            throw new IllegalArgumentException("rows: expected at least 0, found " + rowCount);
        }
        this.rowCount = rowCount;
    }

    /// The one row of a user and its context, to be filled.
    public static FeatureRows one() {
        return new FeatureRows(1);
    }

    /// `rowCount` rows to be filled.
    public static FeatureRows of(int rowCount) {
        return new FeatureRows(rowCount);
    }

    /// Rows of plain values, see [Column#ofRows(List)]; a column that a row lacks is NULL in it.
    ///
    /// @throws InputException for a value of another class, a column with values of several kinds, and more than
    ///     [#VALUE_LIMIT] values, those that rows lack counted
    public static FeatureRows ofMaps(List<? extends Map<String, ?>> rows) {
        Map<String, ColumnBuilder> columns = new LinkedHashMap<>();
        for (int row = 0; row < rows.size(); row++) {
            int nullCount = row;
            rows.get(row).forEach((name, value) -> {
                ColumnBuilder column = columns.computeIfAbsent(name, _ -> {
                    requireUnderLimit(columns.size() + 1, rows.size());
                    return new ColumnBuilder(rows.size());
                });
                add(name, column.addNullsTo(nullCount), value);
            });
        }
        FeatureRows into = new FeatureRows(rows.size());
        columns.forEach((name, column) ->
                into.column(name, rows.size(), column.addNullsTo(rows.size()).build()));
        return into;
    }

    private static void add(String name, ColumnBuilder column, Object value) {
        try {
            column.add(value);
        } catch (InputException problem) {
            throw new InputException("column '%s': %s".formatted(name, problem.getMessage()), problem);
        }
    }

    /// @throws InputException beyond [#VALUE_LIMIT]
    public static void requireUnderLimit(int columnCount, int rowCount) {
        if ((long) columnCount * rowCount > VALUE_LIMIT) {
            throw new InputException("rows: expected at most %d values of columns, found %d columns of %d rows"
                    .formatted(VALUE_LIMIT, columnCount, rowCount));
        }
    }

    /// Integers, such as ids, one a row.
    public FeatureRows longs(String column, long... values) {
        return put(column, values.length, new Column.Longs(values, null));
    }

    /// Numbers, one a row; NaN is NULL.
    public FeatureRows doubles(String column, double... values) {
        boolean[] nulls = null;
        for (int row = 0; row < values.length; row++) {
            if (Double.isNaN(values[row])) {
                nulls = nulls == null ? new boolean[values.length] : nulls;
                nulls[row] = true;
            }
        }
        return put(column, values.length, new Column.Doubles(values, nulls));
    }

    /// Texts, one a row, null for NULL.
    public FeatureRows texts(String column, String... values) {
        return values(column, Arrays.asList(values));
    }

    /// Lists of integers, such as a history, one a row.
    public FeatureRows longLists(String column, long[]... values) {
        int[] offsets = new int[values.length + 1];
        for (int row = 0; row < values.length; row++) {
            offsets[row + 1] = Math.addExact(offsets[row], values[row].length);
        }
        long[] elements = new long[offsets[values.length]];
        for (int row = 0; row < values.length; row++) {
            System.arraycopy(values[row], 0, elements, offsets[row], values[row].length);
        }
        return put(column, values.length, new Column.Lists(offsets, new Column.Longs(elements, null), null));
    }

    /// Plain values, one a row: numbers, booleans, texts, lists of such, or null; all of one kind.
    ///
    /// @throws InputException for a value of another class, or values of several kinds
    public FeatureRows values(String column, List<?> values) {
        try {
            return put(column, values.size(), Column.ofRows(values));
        } catch (InputException problem) {
            throw new InputException("column '%s': %s".formatted(column, problem.getMessage()), problem);
        }
    }

    /// A column that stands as the encoders take it, with `valueCount` rows.
    public FeatureRows column(String name, int valueCount, Column values) {
        return put(name, valueCount, values);
    }

    public int rowCount() {
        return rowCount;
    }

    /// By name, in the order in which they were put.
    public Map<String, Column> columns() {
        return Collections.unmodifiableMap(columns);
    }

    /// The values of a row, as [#ofMaps(List)] takes them; a column that is NULL in it is left out.
    public Map<String, Object> row(int row) {
        Map<String, Object> values = new LinkedHashMap<>();
        columns.forEach((name, column) -> {
            Object value = column.value(row);
            if (value != null) {
                values.put(name, value);
            }
        });
        return values;
    }

    private FeatureRows put(String name, int valueCount, Column column) {
        if (valueCount != rowCount) {
            throw new InputException("column '%s': expected a value for each of %d rows, found %d"
                    .formatted(name, rowCount, valueCount));
        }
        if (columns.putIfAbsent(name, column) != null) {
            throw new InputException("column '%s': expected once, found twice".formatted(name));
        }
        return this;
    }
}
