package io.github.corymb.data;

import io.github.corymb.feature.Feature;
import io.github.corymb.feature.InputException;
import io.github.corymb.feature.Task;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What is asked of a source: the columns of features and the expressions of tasks, each cast to one of the types that
/// [VectorReader] knows, checked against the source's shape before a row is read. Columns made here have names that begin
/// with `#`, which no query of a user has by chance.
final class ReadPlan {

    /// @param name in the table of rows
    /// @param expression over the source
    /// @param place in the experiment file, for errors
    private record Item(String name, String expression, String place) {}

    static final String SPLIT = "#split";
    static final String USER = "#user";

    private final DuckDb database;
    private final Shape shape;
    private final List<Item> items = new ArrayList<>();

    ReadPlan(DuckDb database, Shape shape) {
        this.database = database;
        this.shape = shape;
    }

    static String feature(int index) {
        return "#feature " + index;
    }

    static String label(int task) {
        return "#label " + task;
    }

    static String rowWeight(int task) {
        return "#weight " + task;
    }

    static String text(int index) {
        return "#text " + index;
    }

    static String kept(int index) {
        return "#kept " + index;
    }

    /// Adds the columns that features read, [#feature] of their places in `columns`.
    void addFeatures(Map<String, Feature> features, List<String> columns) {
        for (int index = 0; index < columns.size(); index++) {
            String column = columns.get(index);
            boolean asNumber = false;
            String place = "";
            for (Map.Entry<String, Feature> entry : features.entrySet()) {
                if (entry.getValue().columnOr(entry.getKey()).equals(column)) {
                    asNumber |= entry.getValue() instanceof Feature.Numeric || entry.getValue() instanceof Feature.Dense;
                    place = place.isEmpty() ? "features." + entry.getKey() : place;
                }
            }
            String type = shape.type(place, column);
            String cast = cast(place, Sql.name(column), type, asNumber);
            items.add(new Item(feature(index), cast, place));
        }
    }

    /// Adds a task's label, NULL outside its sample space, and the row's weight, 0 where there is no label.
    void addLabel(int index, String name, Task task) {
        String place = "tasks." + name + ".label";
        String found = shape.typeOf(database, place, task.label());
        SqlType type = SqlType.of(found);
        String label = Sql.bracketed(task.label()) + labelCast(task, type, place, found);
        if (task.where() != null) {
            String wherePlace = "tasks." + name + ".where";
            String where = shape.typeOf(database, wherePlace, task.where());
            if (SqlType.of(where) != SqlType.BOOLEAN) {
                throw new InputException(wherePlace + ": expected BOOLEAN, found " + where);
            }
            label = "CASE WHEN " + Sql.bracketed(task.where()) + " THEN " + label + " END";
        }
        items.add(new Item(label(index), label, place));
        if (task.rowWeight() != null) {
            String weightPlace = "tasks." + name + ".row_weight";
            String weight = shape.typeOf(database, weightPlace, task.rowWeight());
            if (!SqlType.of(weight).isNumber() && SqlType.of(weight) != SqlType.BOOLEAN) {
                throw new InputException(weightPlace + ": expected a number, found " + weight);
            }
            String expression = "CASE WHEN " + Sql.bracketed(label) + " IS NULL THEN 0 ELSE "
                    + Sql.bracketed(task.rowWeight()) + " END::DOUBLE";
            items.add(new Item(rowWeight(index), expression, weightPlace));
        }
    }

    private static String labelCast(Task task, SqlType type, String place, String found) {
        return switch (task) {
            case Task.Binary _ -> {
                if (type != SqlType.BOOLEAN && !type.isNumber()) {
                    throw new InputException(place + ": expected BOOLEAN or a number that is 0 or 1, found " + found);
                }
                yield "::DOUBLE";
            }
            case Task.Regression _ -> {
                if (!type.isNumber()) {
                    throw new InputException(place + ": expected a number, found " + found);
                }
                yield "::DOUBLE";
            }
            case Task.Multiclass _ -> {
                if (type == SqlType.INTEGER) {
                    yield "::BIGINT";
                }
                if (type != SqlType.TEXT && type != SqlType.BOOLEAN && type != SqlType.WIDE_INTEGER) {
                    throw new InputException(place + ": expected text or an integer, found " + found);
                }
                yield "::VARCHAR";
            }
        };
    }

    /// Adds the column that groups rows.
    void addUser(String column) {
        String type = shape.type("data.user", column);
        if (SqlType.of(type) == SqlType.LIST) {
            throw new InputException("data.user: expected a column of numbers or text, found " + type);
        }
        items.add(new Item(USER, cast("data.user", Sql.name(column), type, false), "data.user"));
    }

    /// Adds the column that rows are split by, as it is, where there is one.
    void addSplit(SplitSpec spec) {
        String column =
                switch (spec) {
                    case SplitSpec.Time time -> time.column();
                    case SplitSpec.Hash hash -> hash.column();
                    case SplitSpec.Column named -> named.column();
                    case SplitSpec.Random _ -> null;
                };
        if (column == null) {
            return;
        }
        shape.type("data.split.column", column);
        items.add(new Item(SPLIT, Sql.name(column), "data.split.column"));
    }

    /// Adds columns to be known by their text.
    void addTexts(String place, List<String> columns) {
        for (int index = 0; index < columns.size(); index++) {
            shape.type(place, columns.get(index));
            items.add(new Item(text(index), Sql.name(columns.get(index)) + "::VARCHAR", place));
        }
    }

    /// Adds columns to be written out again, as they are.
    void addKept(String place, List<String> columns) {
        for (int index = 0; index < columns.size(); index++) {
            shape.type(place, columns.get(index));
            items.add(new Item(kept(index), Sql.name(columns.get(index)), place));
        }
    }

    /// Reads the source into the table `table`, in its order.
    ///
    /// @throws InputException where DuckDB refuses it, with the place it speaks of
    void materialise(SourceSql source, String table) {
        StringBuilder sql = new StringBuilder("CREATE TEMP TABLE " + table + " AS SELECT ");
        List<Integer> ends = new ArrayList<>();
        for (Item item : items) {
            sql.append(ends.isEmpty() ? "" : ", ");
            sql.append(item.expression()).append(" AS ").append(Sql.name(item.name()));
            ends.add(byteCount(sql));
        }
        sql.append(" FROM (\n");
        int prefix = byteCount(sql);
        sql.append(source.sql()).append("\n)");
        try {
            database.execute(sql.toString());
        } catch (DuckDbException e) {
            int position = SqlErrors.position(e);
            for (int index = 0; index < items.size() && position >= 0 && position < prefix; index++) {
                if (position < ends.get(index)) {
                    throw SqlErrors.ofExpression(e, items.get(index).place(), shape.columns().keySet());
                }
            }
            throw SqlErrors.ofSource(e, source, prefix);
        }
    }

    private static int byteCount(StringBuilder sql) {
        return sql.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    /// Brings a column to BIGINT, DOUBLE, VARCHAR or a list of them. Integers beyond 64 bits become text, or numbers where
    /// a feature computes with them; dates become text, or seconds since 1970.
    private static String cast(String place, String column, String type, boolean asNumber) {
        return switch (SqlType.of(type)) {
            case BOOLEAN, INTEGER -> column + "::BIGINT";
            case WIDE_INTEGER -> column + (asNumber ? "::DOUBLE" : "::VARCHAR");
            case FRACTION -> column + "::DOUBLE";
            case TEXT -> column + "::VARCHAR";
            case TIME -> asNumber ? "epoch(" + column + ")::DOUBLE" : column + "::VARCHAR";
            case LIST -> {
                String entry = SqlType.entryOf(type);
                SqlType kind = SqlType.of(entry);
                if (kind == SqlType.LIST || kind == SqlType.OTHER) {
                    throw wrongType(place, type);
                }
                boolean text = kind == SqlType.TEXT || kind == SqlType.TIME || (kind == SqlType.WIDE_INTEGER && !asNumber);
                boolean fraction = kind == SqlType.FRACTION || (kind == SqlType.WIDE_INTEGER && asNumber);
                yield column + (text ? "::VARCHAR[]" : fraction ? "::DOUBLE[]" : "::BIGINT[]");
            }
            case OTHER -> throw wrongType(place, type);
        };
    }

    private static InputException wrongType(String place, String type) {
        return new InputException(
                place + ": expected a column of numbers, text, dates or lists of them, found " + type);
    }
}
