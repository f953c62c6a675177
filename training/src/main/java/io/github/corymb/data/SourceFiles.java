package io.github.corymb.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.corymb.feature.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// The files that the rows of a source are computed from, where they are computed from nothing else: neither from what
/// changes by itself (a clock, a generator, a sample) nor from what only DuckDB knows (a pattern of names, a server, a
/// table of its own).
final class SourceFiles {

    /// Names that stand like columns, and are the hour or the user.
    private static final Set<String> OUTSIDE = Set.of(
            "current_date",
            "current_time",
            "current_timestamp",
            "localtime",
            "localtimestamp",
            "current_user",
            "session_user",
            "user",
            "current_role",
            "current_catalog",
            "current_schema");

    /// Functions in FROM whose rows follow from their arguments.
    private static final Set<String> SERIES = Set.of("range", "generate_series", "unnest", "repeat", "repeat_row");

    private static final Set<String> READERS = Set.of(
            "read_csv",
            "read_csv_auto",
            "read_parquet",
            "parquet_scan",
            "read_json",
            "read_json_auto",
            "read_ndjson",
            "read_ndjson_auto");

    private final Path folder;
    private final Set<String> named = new TreeSet<>(String.CASE_INSENSITIVE_ORDER); // common table expressions
    private final Set<String> functions = new HashSet<>();
    private final Set<Path> files = new TreeSet<>();
    private boolean closed = true; // nothing but files was seen

    private SourceFiles(Path folder) {
        this.folder = folder;
    }

    /// The files in order, or nothing where the rows may depend on something else.
    static Optional<List<Path>> of(DuckDb database, SourceSql source, Path folder, Map<String, Task> tasks) {
        SourceFiles found = new SourceFiles(folder);
        if (source.isFile()) {
            found.addFile(source.written());
        } else if (source.tree().isPresent()) {
            found.addStatement(source.tree().get());
        } else {
            return Optional.empty();
        }
        for (Task task : tasks.values()) {
            for (String expression : expressions(task)) {
                SqlTree.parse(database, "SELECT " + Sql.bracketed(expression))
                        .ifPresentOrElse(found::addStatement, () -> found.closed = false);
            }
        }
        return found.closed && found.functionsAreFixed(database)
                ? Optional.of(List.copyOf(found.files))
                : Optional.empty();
    }

    private static List<String> expressions(Task task) {
        List<String> expressions = new ArrayList<>();
        expressions.add(task.label());
        if (task.where() != null) {
            expressions.add(task.where());
        }
        if (task.rowWeight() != null) {
            expressions.add(task.rowWeight());
        }
        return expressions;
    }

    private void addStatement(JsonNode root) {
        SqlTree.walk(
                root,
                node -> SqlTree.entries(node.path("cte_map").path("map")).forEach(entry -> named.add(entry.getKey())));
        SqlTree.walk(root, this::add);
    }

    private void add(JsonNode node) {
        closed &= node.path("sample").isMissingNode() || node.path("sample").isNull();
        if (node.has("function_name")) {
            functions.add(node.path("function_name").asText().toLowerCase(Locale.ROOT));
        }
        switch (SqlTree.type(node)) {
            case "BASE_TABLE" -> {
                String name = node.path("table_name").asText();
                boolean qualified = !node.path("schema_name").asText().isEmpty();
                if (qualified || !named.contains(name)) {
                    addFile(qualified ? "" : name);
                }
            }
            case "TABLE_FUNCTION" -> addTableFunction(node.path("function"));
            case "COLUMN_REF" -> {
                JsonNode names = node.path("column_names");
                closed &= names.size() != 1
                        || !OUTSIDE.contains(names.path(0).asText().toLowerCase(Locale.ROOT));
            }
            default -> {
                // It says nothing of where rows come from.
            }
        }
    }

    private void addTableFunction(JsonNode function) {
        String name = function.path("function_name").asText().toLowerCase(Locale.ROOT);
        if (READERS.contains(name)) {
            JsonNode paths = function.path("children").path(0);
            boolean isList = paths.path("function_name").asText().equals("list_value");
            (isList ? paths.path("children") : List.of(paths)).forEach(path -> {
                boolean isConstant = SqlTree.type(path).equals("VALUE_CONSTANT");
                addFile(isConstant ? path.path("value").path("value").asText() : "");
            });
        } else {
            closed &= SERIES.contains(name);
        }
    }

    private void addFile(String name) {
        Optional<Path> file = SourceSql.file(name, folder).filter((Predicate<Path>) Files::isRegularFile);
        file.ifPresentOrElse(files::add, () -> closed = false);
    }

    /// Whether every function of an expression gives the same for the same arguments, by DuckDB's own catalog.
    private boolean functionsAreFixed(DuckDb database) {
        Set<String> unknown = new HashSet<>(functions);
        unknown.removeAll(SERIES);
        unknown.removeAll(READERS);
        if (unknown.isEmpty()) {
            return true;
        }
        List<String> names = unknown.stream().map(Sql::literal).toList();
        return database.number("SELECT count(*) FROM (SELECT function_name FROM duckdb_functions() WHERE function_name"
                        + " IN (" + String.join(", ", names) + ") GROUP BY function_name HAVING"
                        + " bool_and(function_type = 'aggregate' OR"
                        + " stability = 'CONSISTENT' OR (function_type ="
                        + " 'macro' AND NOT"
                        + " regexp_matches(macro_definition,"
                        + " 'current_|duckdb_'))))")
                == unknown.size();
    }
}
