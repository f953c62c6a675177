package io.github.corymb.serving.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.corymb.bundle.Fusion;
import io.github.corymb.feature.InputException;
import io.github.corymb.feature.NearestName;
import io.github.corymb.serving.FeatureRows;
import io.github.corymb.serving.RankQuestion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A ranking request as JSON:
///
///     {"context": {COLUMN: VALUE, ...}, "items": [{"id": ANY, COLUMN: VALUE, ...}, ...],
///      "tasks": [NAME, ...], "fusion": NAME or {"type": ..., "weights": {TASK: NUMBER}}, "top_k": NUMBER,
///      "explain": true or {"items": NUMBER}}
///
/// `id` is given back with the item; it is a feature's value only where a feature reads a column of that name.
///
/// @param ids an item each, null where it has none
record RankBody(FeatureRows context, FeatureRows items, List<JsonNode> ids, RankQuestion question) {

    private static final List<String> KEYS = List.of("context", "items", "tasks", "fusion", "top_k", "explain");
    private static final int EXPLAIN_COUNT = 10; // where `explain` does not say
    private static final String ID = "id";

    static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(8)
                            .maxNumberLength(100)
                            .maxNameLength(1_000)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /// @param columnNamedId whether a feature reads a column `id`
    /// @throws InputException for what is no such request
    static RankBody parse(byte[] json, boolean columnNamedId) {
        ObjectNode root = object("body", tree(json));
        for (String key : names(root)) {
            if (!KEYS.contains(key)) {
                throw new InputException("body: unknown key '" + key + "'" + NearestName.hint(key, KEYS));
            }
        }
        JsonNode items = root.path("items");
        if (!items.isArray()) {
            throw new InputException("items: expected an array, found " + kind(items));
        }
        List<Map<String, Object>> rows = new ArrayList<>(items.size());
        List<JsonNode> ids = new ArrayList<>(items.size());
        for (JsonNode item : items) {
            ObjectNode values = object("items[" + rows.size() + "]", item);
            ids.add(columnNamedId ? values.get(ID) : values.remove(ID));
            rows.add(values(values));
        }
        Map<String, Object> context = root.has("context") ? values(object("context", root.get("context"))) : Map.of();
        return new RankBody(FeatureRows.ofMaps(List.of(context)), FeatureRows.ofMaps(rows), ids, question(root));
    }

    static JsonNode tree(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException problem) {
            throw new InputException(
                    "body: expected JSON: "
                            + problem.getOriginalMessage().lines().findFirst().orElse("found none"),
                    problem);
        } catch (IOException problem) {
            throw new InputException("body: expected JSON: found no UTF-8", problem);
        }
    }

    private static RankQuestion question(ObjectNode root) {
        List<String> tasks = new ArrayList<>();
        for (JsonNode task : root.path("tasks")) {
            if (!task.isTextual()) {
                throw new InputException("tasks: expected names, found " + kind(task));
            }
            tasks.add(task.textValue());
        }
        JsonNode top = root.path("top_k");
        if (!top.isMissingNode() && !(top.isIntegralNumber() && top.canConvertToInt())) {
            throw new InputException("top_k: expected a number of items, found " + kind(top));
        }
        JsonNode fusion = root.path("fusion");
        try {
            return new RankQuestion(
                    tasks,
                    fusion.isTextual() ? fusion.textValue() : null,
                    fusion.isMissingNode() || fusion.isTextual() ? null : definition(fusion),
                    top.isMissingNode() ? Integer.MAX_VALUE : top.intValue(),
                    explainCount(root.path("explain")));
        } catch (IllegalArgumentException problem) {
            throw new InputException(problem.getMessage(), problem);
        }
    }

    private static int explainCount(JsonNode explain) {
        if (explain.isMissingNode() || explain.isBoolean()) {
            return explain.asBoolean() ? EXPLAIN_COUNT : 0;
        }
        ObjectNode object = object("explain", explain);
        JsonNode items = object.path("items");
        if (object.size() != 1 || !items.isIntegralNumber() || !items.canConvertToInt()) {
            throw new InputException("explain: expected true, or a number of 'items' alone, found " + names(object));
        }
        return items.intValue();
    }

    private static Fusion definition(JsonNode fusion) {
        try {
            return JSON.treeToValue(object("fusion", fusion), Fusion.class);
        } catch (JsonProcessingException problem) {
            throw new InputException(
                    "fusion: expected a name, or a type and weights: "
                            + problem.getOriginalMessage().lines().findFirst().orElse(""),
                    problem);
        }
    }

    static Map<String, Object> values(ObjectNode node) {
        Map<String, Object> values = LinkedHashMap.newLinkedHashMap(node.size());
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            values.put(entry.getKey(), value(entry.getKey(), entry.getValue()));
        }
        return values;
    }

    private static Object value(String name, JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> node.textValue();
            case NUMBER -> node.numberValue();
            case BOOLEAN -> node.booleanValue();
            case NULL -> null;
            case ARRAY -> {
                List<Object> list = new ArrayList<>(node.size());
                node.forEach(element -> list.add(value(name, element)));
                yield list;
            }
            case OBJECT, BINARY, MISSING, POJO ->
                throw new InputException(
                        "column '%s': expected a value or a list, found %s".formatted(name, kind(node)));
        };
    }

    static ObjectNode object(String place, JsonNode node) {
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new InputException(place + ": expected an object, found " + kind(node));
    }

    private static List<String> names(ObjectNode node) {
        return node.propertyStream().map(Map.Entry::getKey).toList();
    }

    private static String kind(JsonNode node) {
        return node == null || node.isMissingNode()
                ? "nothing"
                : node.getNodeType().name().toLowerCase(Locale.ROOT);
    }
}
