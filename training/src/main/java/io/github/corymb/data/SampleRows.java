package io.github.corymb.data;

import io.github.corymb.feature.Column;
import io.github.corymb.feature.FeatureSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// A few rows of a source as plain values: numbers, texts, lists of such, null. They are the newest where rows are
/// split by time, otherwise those with the least hashes, so that the same source gives the same rows.
public final class SampleRows {

    private SampleRows() {}

    /// Reads the columns of features, under their names in the source.
    ///
    /// @param folder that paths in the source start from
    /// @throws io.github.corymb.feature.InputException where the source cannot be read
    public static List<Map<String, Object>> read(DataSpec spec, Path folder, FeatureSchema schema, int limit) {
        try (DuckDb database = SourceTable.database(spec, folder)) {
            SourceSql source = SourceSql.of(database, spec.source(), folder);
            List<String> columns = schema.columns();
            Reading features = new Reading(false, false, List.of(), null);
            ReadPlan plan = SourceTable.plan(database, spec, source, schema.features(), columns, Map.of(), features);
            SourceSql some =
                    new SourceSql(source.written(), firstOf(source, spec, limit), List.of(), Optional.empty(), false);
            SourceTable table = SourceTable.read(database, spec, some, plan, columns, limit);
            return values(table, columns);
        }
    }

    private static String firstOf(SourceSql source, DataSpec spec, int limit) {
        String newest = spec.split() instanceof SplitSpec.Time time ? Sql.name(time.column()) + " DESC, " : "";
        return "SELECT * FROM (\n" + source.sql() + "\n) AS corymb_source ORDER BY " + newest
                + "hash(corymb_source) LIMIT " + limit;
    }

    private static List<Map<String, Object>> values(SourceTable table, List<String> columns) {
        List<Map<String, Object>> rows = new ArrayList<>();
        try (QueryResult chunk = table.select(table.namesOf(columns))) {
            while (chunk.next()) {
                int count = chunk.rowCount();
                Map<String, Column> read = SourceTable.features(
                        chunk, columns, IntStream.range(0, count).toArray(), count);
                for (int row = 0; row < count; row++) {
                    Map<String, Object> values = LinkedHashMap.newLinkedHashMap(columns.size());
                    int of = row;
                    read.forEach((name, column) -> values.put(name, finite(column.value(of))));
                    rows.add(values);
                }
            }
        }
        return rows;
    }

    /// As JSON has it: a number that is none, or infinite, is missing.
    private static Object finite(Object value) {
        return switch (value) {
            case Double number when !Double.isFinite(number) -> null;
            case List<?> entries -> entries.stream().map(SampleRows::finite).toList();
            case null, default -> value;
        };
    }
}
