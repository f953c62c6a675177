package io.github.corymb.data;

import io.github.corymb.feature.Column;
import io.github.corymb.feature.Feature;
import io.github.corymb.feature.InputException;
import io.github.corymb.feature.Task;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The rows of a source in a table of the database, cast and with their labels, in the source's order: row r has
/// `rowid` r.
final class SourceTable {

    static final String TABLE = "corymb_rows";

    static final int ROW_COUNT_LIMIT = Integer.MAX_VALUE - 8;

    private final DuckDb database;
    private final List<String> columns; // that features read
    private final int rowCount;

    private SourceTable(DuckDb database, List<String> columns, int rowCount) {
        this.database = database;
        this.columns = columns;
        this.rowCount = rowCount;
    }

    /// Opens a database for a source.
    static DuckDb database(DataSpec spec, Path folder) {
        int threadCount =
                spec.threads() != null ? spec.threads() : Runtime.getRuntime().availableProcessors();
        return new DuckDb(folder, spec.memoryBytes(), threadCount);
    }

    /// Checks a source and what is asked of it, without reading rows.
    static ReadPlan plan(
            DuckDb database,
            DataSpec spec,
            SourceSql source,
            Map<String, Feature> features,
            List<String> columns,
            Map<String, Task> tasks,
            Reading reading) {
        ReadPlan plan = new ReadPlan(database, Shape.of(database, source));
        plan.addFeatures(features, columns);
        if (reading.labels()) {
            int index = 0;
            for (Map.Entry<String, Task> task : tasks.entrySet()) {
                plan.addLabel(index++, task.getKey(), task.getValue());
            }
        }
        if (spec.user() != null && reading.labels()) {
            plan.addUser(spec.user());
        }
        if (reading.split()) {
            plan.addSplit(spec.split());
        }
        plan.addTexts("--by", reading.texts());
        if (reading.kept() != null) {
            plan.addKept("--keep", reading.kept());
        }
        return plan;
    }

    /// Reads a source as planned, at most `rowLimit` rows.
    static SourceTable read(
            DuckDb database, DataSpec spec, SourceSql source, ReadPlan plan, List<String> columns, long rowLimit) {
        boolean orderFixed =
                source.isFile() || source.tree().map(SqlTree::isOrderFixed).orElse(false);
        boolean single = spec.threads() == null && !orderFixed;
        if (single) {
            database.execute("SET threads = 1");
        }
        plan.materialise(source, TABLE, rowLimit);
        if (single) {
            database.execute("SET threads = " + Runtime.getRuntime().availableProcessors());
        }
        long rowCount = database.number("SELECT count(*) FROM " + TABLE);
        if (rowCount == 0 || rowCount > ROW_COUNT_LIMIT) {
            throw new InputException("data.source: expected 1 to " + ROW_COUNT_LIMIT + " rows, found " + rowCount);
        }
        return new SourceTable(database, columns, (int) rowCount);
    }

    int rowCount() {
        return rowCount;
    }

    /// Starts to read columns of the table, in its order.
    QueryResult select(List<String> names) {
        String list = String.join(", ", names.stream().map(Sql::name).toList());
        return database.query("SELECT " + list + " FROM " + TABLE);
    }

    /// The columns that features read, as they name them.
    List<String> featureColumns() {
        return columns;
    }

    /// The table's names of columns that features read.
    List<String> namesOf(List<String> featureColumns) {
        return featureColumns.stream()
                .map(column -> ReadPlan.feature(columns.indexOf(column)))
                .toList();
    }

    /// The first columns of a chunk, under the names given.
    static Map<String, Column> features(QueryResult chunk, List<String> featureColumns, int[] rows, int count) {
        Map<String, Column> read = LinkedHashMap.newLinkedHashMap(featureColumns.size());
        for (int index = 0; index < featureColumns.size(); index++) {
            read.put(featureColumns.get(index), VectorReader.read(chunk.vector(index), rows, count));
        }
        return read;
    }
}
