package io.github.corymb.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Which columns of the files each column of a query is computed from, as far as its text tells. Columns of files are
/// known by name alone, in lower case: two files' columns of one name are one, so that rather too much than too little
/// is found.
final class ColumnLineage {

    /// What a table, a subquery or a query offers: known columns with their origins, and, where it is open, any other
    /// name, which is its own origin.
    private record Relation(Map<String, Set<String>> columns, boolean open, Set<String> excluded) {

        Set<String> origins(String name) {
            Set<String> known = columns.get(name);
            if (known != null) {
                return known;
            }
            return open && !excluded.contains(name) ? Set.of(name) : Set.of();
        }

        static Relation file() {
            return new Relation(Map.of(), true, Set.of());
        }
    }

    private final Relation result;

    private ColumnLineage(Relation result) {
        this.result = result;
    }

    /// Of a file or a query that the parser could not tell: each column comes from itself.
    static ColumnLineage identity() {
        return new ColumnLineage(Relation.file());
    }

    /// Of a parsed query.
    static ColumnLineage of(JsonNode query) {
        return new ColumnLineage(query(query, Map.of()));
    }

    /// The origins of a column of the query; itself where nothing is known.
    Set<String> origins(String column) {
        String name = column.toLowerCase(Locale.ROOT);
        Set<String> found = result.origins(name);
        return found.isEmpty() ? Set.of(name) : found;
    }

    /// The names of the columns that an expression reads, as written; of `a.b` the last.
    static Set<String> columnsRead(JsonNode expression) {
        Set<String> names = new LinkedHashSet<>();
        SqlTree.walk(expression, node -> {
            if (SqlTree.type(node).equals("COLUMN_REF")) {
                JsonNode parts = node.path("column_names");
                names.add(parts.path(parts.size() - 1).asText());
            }
        });
        return names;
    }

    private static Relation query(JsonNode node, Map<String, Relation> outer) {
        Map<String, Relation> named = new HashMap<>(outer);
        for (Map.Entry<String, JsonNode> cte : SqlTree.entries(node.path("cte_map").path("map"))) {
            String name = cte.getKey().toLowerCase(Locale.ROOT);
            named.put(name, query(cte.getValue().path("query").path("node"), named));
        }
        return switch (SqlTree.type(node)) {
            case "SELECT_NODE" -> select(node, named);
            case "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE" ->
                union(query(node.path("left"), named), query(node.path("right"), named));
            case "CTE_NODE" -> {
                String name = node.path("cte_name").asText().toLowerCase(Locale.ROOT);
                named.put(name, query(node.path("query"), named));
                yield query(node.path("child"), named);
            }
            default -> Relation.file();
        };
    }

    private static Relation select(JsonNode node, Map<String, Relation> named) {
        Map<String, Relation> from = new LinkedHashMap<>();
        addTables(node.path("from_table"), named, from);
        Map<String, Set<String>> columns = new LinkedHashMap<>();
        Set<String> excluded = new TreeSet<>();
        boolean open = false;
        for (JsonNode item : node.path("select_list")) {
            if (SqlTree.type(item).equals("STAR")) {
                item.path("exclude_list").forEach(name -> excluded.add(name.asText().toLowerCase(Locale.ROOT)));
                open |= addStar(item, from, excluded, columns);
            } else {
                String name = outputName(item);
                columns.merge(name, origins(item, from, columns), ColumnLineage::joined);
            }
        }
        return new Relation(columns, open, excluded);
    }

    /// Adds what `*` or `t.*` stands for; tells whether unknown columns are among it.
    private static boolean addStar(
            JsonNode star, Map<String, Relation> from, Set<String> excluded, Map<String, Set<String>> columns) {
        String only = star.path("relation_name").asText().toLowerCase(Locale.ROOT);
        boolean open = false;
        for (Map.Entry<String, Relation> table : from.entrySet()) {
            if (only.isEmpty() || only.equals(table.getKey())) {
                open |= table.getValue().open();
                table.getValue().columns().forEach((name, origins) -> {
                    if (!excluded.contains(name)) {
                        columns.merge(name, origins, ColumnLineage::joined);
                    }
                });
            }
        }
        for (Map.Entry<String, JsonNode> replaced : SqlTree.entries(star.path("replace_list"))) {
            columns.put(replaced.getKey().toLowerCase(Locale.ROOT), origins(replaced.getValue(), from, columns));
        }
        return open;
    }

    private static void addTables(JsonNode table, Map<String, Relation> named, Map<String, Relation> into) {
        String alias = table.path("alias").asText();
        String name = (alias.isEmpty() ? table.path("table_name").asText() : alias).toLowerCase(Locale.ROOT);
        String key = name.isEmpty() ? "#" + into.size() : name; // no table is written so
        switch (SqlTree.type(table)) {
            case "BASE_TABLE" -> {
                String base = table.path("table_name").asText().toLowerCase(Locale.ROOT);
                into.put(key, named.getOrDefault(base, Relation.file()));
            }
            case "SUBQUERY" -> into.put(key, query(table.path("subquery").path("node"), named));
            case "JOIN" -> {
                addTables(table.path("left"), named, into);
                addTables(table.path("right"), named, into);
            }
            case "EMPTY" -> {
                // SELECT without FROM reads nothing.
            }
            default -> into.put(key, Relation.file());
        }
    }

    /// The origins of all columns that an expression reads.
    private static Set<String> origins(
            JsonNode expression, Map<String, Relation> from, Map<String, Set<String>> aliases) {
        Set<String> found = new TreeSet<>();
        SqlTree.walk(expression, node -> {
            if (SqlTree.type(node).equals("COLUMN_REF")) {
                List<String> parts = new ArrayList<>();
                node.path("column_names").forEach(part -> parts.add(part.asText().toLowerCase(Locale.ROOT)));
                found.addAll(origins(parts, from, aliases));
            }
        });
        return found;
    }

    private static Set<String> origins(
            List<String> parts, Map<String, Relation> from, Map<String, Set<String>> aliases) {
        Relation qualified = parts.size() > 1 ? from.get(parts.getFirst()) : null;
        if (qualified != null) {
            return qualified.origins(parts.get(1));
        }
        String name = parts.getFirst(); // a.b of no table a is field b of column a
        Set<String> found = new TreeSet<>(aliases.getOrDefault(name, Set.of()));
        from.values().forEach(table -> found.addAll(table.origins(name)));
        return found;
    }

    private static Relation union(Relation left, Relation right) {
        List<Set<String>> others = new ArrayList<>(right.columns().values());
        boolean byPlace = !left.open() && !right.open() && others.size() == left.columns().size();
        Map<String, Set<String>> columns = new LinkedHashMap<>();
        int index = 0;
        for (Map.Entry<String, Set<String>> column : left.columns().entrySet()) {
            Set<String> other = byPlace ? others.get(index++) : right.origins(column.getKey());
            columns.put(column.getKey(), joined(column.getValue(), other));
        }
        return new Relation(columns, left.open() || right.open(), left.excluded());
    }

    private static Set<String> joined(Set<String> one, Set<String> other) {
        Set<String> both = new TreeSet<>(one);
        both.addAll(other);
        return both;
    }

    private static String outputName(JsonNode item) {
        String alias = item.path("alias").asText();
        if (!alias.isEmpty()) {
            return alias.toLowerCase(Locale.ROOT);
        }
        JsonNode parts = item.path("column_names");
        return parts.path(parts.size() - 1).asText(item.path("function_name").asText()).toLowerCase(Locale.ROOT);
    }
}
