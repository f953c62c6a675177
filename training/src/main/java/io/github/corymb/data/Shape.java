package io.github.corymb.data;

import io.github.corymb.feature.InputException;
import io.github.corymb.feature.NearestName;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The columns of a source and their DuckDB types, in order. An empty table of that shape stands in the database, so that
/// expressions can be checked without reading a row.
///
/// @param columns type by name
record Shape(Map<String, String> columns) {

    static final String TABLE = "corymb_shape";

    /// @throws InputException where DuckDB refuses the source
    static Shape of(DuckDb database, SourceSql source) {
        String prefix = "CREATE OR REPLACE TEMP TABLE " + TABLE + " AS SELECT * FROM (\n";
        try {
            database.execute(prefix + source.sql() + "\n) LIMIT 0");
        } catch (DuckDbException e) {
            throw SqlErrors.ofSource(e, source, prefix.getBytes(StandardCharsets.UTF_8).length);
        }
        return new Shape(describe(database, "FROM " + TABLE));
    }

    private static Map<String, String> describe(DuckDb database, String query) {
        Map<String, String> columns = new LinkedHashMap<>();
        String described = "SELECT column_name, column_type FROM (DESCRIBE " + query + ")";
        try (QueryResult result = database.query(described)) {
            List<String[]> rows = result.allTexts(2);
            rows.forEach(row -> columns.put(row[0], row[1]));
        }
        return columns;
    }

    /// The type of a column.
    ///
    /// @throws InputException where there is none of that name, naming the nearest
    String type(String place, String column) {
        for (Map.Entry<String, String> entry : columns.entrySet()) {
            if (entry.getKey().equalsIgnoreCase(column)) {
                return entry.getValue();
            }
        }
        throw new InputException(place + ": expected a column of the data, found '" + column + "'"
                + NearestName.hint(column, columns.keySet()));
    }

    /// The type of an expression over a row.
    ///
    /// @throws InputException where DuckDB refuses it
    String typeOf(DuckDb database, String place, String expression) {
        String query = "SELECT *, " + Sql.bracketed(expression) + " AS \"#\" FROM " + TABLE;
        try {
            return describe(database, query).get("#");
        } catch (DuckDbException e) {
            throw SqlErrors.ofExpression(e, place, columns.keySet());
        }
    }
}
