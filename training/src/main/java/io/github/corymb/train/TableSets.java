package io.github.corymb.train;

import io.github.corymb.Experiment;
import io.github.corymb.embedding.EmbeddingTables;
import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.Field;
import io.github.corymb.feature.FittedTask;
import java.util.ArrayList;
import java.util.List;

/// The embedding tables of a model: one set that all tasks share, or one a task for a model whose tasks share nothing.
final class TableSets {

    private TableSets() {}

    /// New tables, all empty.
    static List<EmbeddingTables> create(Experiment experiment, FeatureSchema schema, List<FittedTask> tasks) {
        List<EmbeddingTables> sets = new ArrayList<>();
        for (String name : Network.tableSets(experiment.model(), tasks)) {
            sets.add(new EmbeddingTables(
                    fields(schema, name), experiment.train().embedding(), experiment.seed()));
        }
        return List.copyOf(sets);
    }

    /// The fields of a schema with the tables of one set, whose names begin with the set's.
    static List<Field> fields(FeatureSchema schema, String set) {
        return schema.fields().stream()
                .map(field -> new Field(
                        field.name(), tableName(set, field.table()), field.dimension(), field.pooling(), field.side()))
                .toList();
    }

    private static String tableName(String set, String table) {
        return set.isEmpty() ? table : set + "." + table;
    }

    /// How many weights the rows of all tables have together.
    static long parameterCount(List<EmbeddingTables> sets) {
        return sets.stream()
                .flatMap(set -> set.tables().stream())
                .mapToLong(table -> (long) table.rowCount() * table.dimension())
                .sum();
    }
}
