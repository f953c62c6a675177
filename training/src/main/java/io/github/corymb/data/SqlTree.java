package io.github.corymb.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// A SELECT statement as DuckDB's own parser reads it, see its function `json_serialize_sql`.
final class SqlTree {

    private static final ObjectMapper JSON = new ObjectMapper();

    private SqlTree() {}

    /// The root query node of one statement, or nothing for what the parser's JSON cannot tell, such as PIVOT.
    ///
    /// @throws DuckDbException if it is not SQL, or more than one statement
    static Optional<JsonNode> parse(DuckDb database, String sql) {
        JsonNode answer;
        try (QueryResult result = database.query("SELECT json_serialize_sql(" + Sql.literal(sql) + ")::VARCHAR")) {
            answer = JSON.readTree(result.allTexts(1).getFirst()[0]);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("DuckDB told the parsed statement in broken JSON", e);
        }
        if (answer.path("error").asBoolean()) {
            if (answer.path("error_type").asText().equals("parser")) {
                throw new DuckDbException(answer.toString());
            }
            return Optional.empty();
        }
        JsonNode statements = answer.path("statements");
        if (statements.size() != 1) {
            String found = "expected one statement, found " + statements.size();
            throw new DuckDbException(JSON.createObjectNode().put("error_message", found).toString());
        }
        return Optional.of(statements.get(0).path("node"));
    }

    /// Visits a node and all below it, in order.
    static void walk(JsonNode node, Consumer<JsonNode> visitor) {
        visitor.accept(node);
        for (JsonNode child : node) {
            if (child.isContainerNode()) {
                walk(child, visitor);
            }
        }
    }

    /// Whether the rows and their order cannot depend on how many threads compute them: projections and filters of one
    /// file, without joins, groups, windows, sorting or set operations.
    static boolean isOrderFixed(JsonNode query) {
        JsonNode from = query.path("from_table");
        boolean plain = type(query).equals("SELECT_NODE")
                && query.path("modifiers").isEmpty()
                && query.path("group_expressions").isEmpty()
                && query.path("having").isNull()
                && query.path("qualify").isNull()
                && query.path("sample").isNull()
                && query.path("cte_map").path("map").isEmpty();
        if (!plain || hasWindowOrSubquery(query.path("select_list")) || hasWindowOrSubquery(query.path("where_clause"))) {
            return false;
        }
        return switch (type(from)) {
            case "BASE_TABLE", "TABLE_FUNCTION" -> true;
            case "SUBQUERY" -> isOrderFixed(from.path("subquery").path("node"));
            default -> false;
        };
    }

    private static boolean hasWindowOrSubquery(JsonNode expressions) {
        boolean[] found = new boolean[1];
        walk(expressions, node -> {
            String kind = node.path("class").asText();
            found[0] |= kind.equals("WINDOW") || kind.equals("SUBQUERY");
        });
        return found[0];
    }

    static String type(JsonNode node) {
        return node.path("type").asText();
    }

    /// The entries of one of the parser's maps, an array of `key` and `value`.
    static Iterable<Map.Entry<String, JsonNode>> entries(JsonNode map) {
        Iterator<JsonNode> all = map.elements();
        return () -> new Iterator<>() {
            @Override
            public boolean hasNext() {
                return all.hasNext();
            }

            @Override
            public Map.Entry<String, JsonNode> next() {
                JsonNode entry = all.next();
                return Map.entry(entry.path("key").asText(), entry.path("value"));
            }
        };
    }
}
