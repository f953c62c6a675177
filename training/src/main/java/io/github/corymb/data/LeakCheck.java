package io.github.corymb.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.corymb.feature.Feature;
import io.github.corymb.feature.InputException;
import io.github.corymb.feature.Task;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Refuses features that know the label: a column that a label expression reads, one that the source computes from such
/// a column, and one that such a column is computed from. It reads the SQL with DuckDB's own parser, and follows aliases
/// through subqueries and common table expressions. `label_derived: true` allows a feature.
final class LeakCheck {

    private LeakCheck() {}

    /// @throws InputException for the first feature that leaks a label, by name of feature, column and task
    static void check(DuckDb database, SourceSql source, Map<String, Feature> features, Map<String, Task> tasks) {
        ColumnLineage lineage = source.tree().map(ColumnLineage::of).orElseGet(ColumnLineage::identity);
        tasks.forEach((taskName, task) -> {
            Set<String> read = columnsRead(database, task.label());
            Set<String> origins = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
            read.forEach(column -> origins.addAll(lineage.origins(column)));
            features.forEach((name, feature) -> {
                String column = feature.columnOr(name);
                if (!feature.labelDerived()) {
                    check(name, column, taskName, read, origins, lineage.origins(column));
                }
            });
        });
    }

    private static void check(
            String feature, String column, String task, Set<String> read, Set<String> origins, Set<String> own) {
        String why = null;
        if (read.stream().anyMatch(column::equalsIgnoreCase)) {
            why = "is read by";
        } else if (own.stream().anyMatch(origins::contains)) {
            String shared = own.stream().filter(origins::contains).findFirst().orElseThrow();
            why = "comes from '" + shared + "' like";
        }
        if (why != null) {
            throw new InputException("features." + feature + ": column '" + column + "' " + why + " the label of task '"
                    + task + "'; remove it, or set label_derived: true if this is on purpose");
        }
    }

    private static Set<String> columnsRead(DuckDb database, String label) {
        JsonNode parsed = SqlTree.parse(database, "SELECT " + Sql.bracketed(label))
                .orElseThrow(() -> new IllegalStateException("cannot read the label " + label));
        return ColumnLineage.columnsRead(parsed.path("select_list"));
    }
}
