package io.github.corymb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.corymb.feature.InputException;
import java.util.Map;

/// One `--set path=value`: a value that takes the place of what the file says, or of nothing. A value of null takes away
/// what the file says.
record Setting(String option, KeyPath path, JsonNode value) {

    /// @param assignment `train.epochs=3`; the value is YAML, lists are addressed by index: `model.expert.0=64`
    static Setting parse(String assignment) {
        String option = "--set " + assignment;
        int equals = assignment.indexOf('=');
        if (equals < 1) {
            throw new InputException(option + ": expected path=value");
        }
        KeyPath path = KeyPath.parse(assignment.substring(0, equals).strip());
        if (path.segments().stream().anyMatch(String::isBlank)) {
            throw new InputException(option + ": expected keys with one dot between them, found '%s'"
                    .formatted(assignment.substring(0, equals)));
        }
        return new Setting(option, path, YamlTree.parse(assignment.substring(equals + 1), option).root());
    }

    /// Changes `root`, and notes this option as the place of all it wrote.
    void apply(ObjectNode root, Places places) {
        JsonNode container = root;
        KeyPath at = KeyPath.ROOT;
        for (String segment : path.parent().segments()) {
            JsonNode next = get(container, at, segment);
            at = at.child(segment);
            if (next == null || next.isNull()) {
                if (value.isNull()) {
                    return;
                }
                next = JsonNodeFactory.instance.objectNode();
                put(container, at, next);
                places.put(at, option, option);
            }
            container = next;
        }
        get(container, at, path.last());
        if (value.isNull()) {
            remove(container, path.last());
        } else {
            put(container, path, value);
        }
        note(path, value, places);
    }

    private JsonNode get(JsonNode container, KeyPath at, String segment) {
        return switch (container) {
            case ObjectNode object -> object.get(segment);
            case ArrayNode array -> {
                int size = array.size();
                if (!KeyPath.isIndex(segment) || Integer.parseInt(segment) > size) {
                    throw new InputException("%s: %s: expected an index from 0 to %d, found '%s'"
                            .formatted(option, at, size, segment));
                }
                yield array.get(Integer.parseInt(segment));
            }
            default -> throw new InputException("%s: %s: expected a mapping or a list, found %s"
                    .formatted(option, at, Found.describe(container)));
        };
    }

    private static void put(JsonNode container, KeyPath path, JsonNode value) {
        switch (container) {
            case ObjectNode object -> object.set(path.last(), value);
            case ArrayNode array when Integer.parseInt(path.last()) == array.size() -> array.add(value);
            case ArrayNode array -> array.set(Integer.parseInt(path.last()), value);
            default -> throw new AssertionError(container);
        }
    }

    private static void remove(JsonNode container, String segment) {
        switch (container) {
            case ObjectNode object -> object.remove(segment);
            case ArrayNode array -> array.remove(Integer.parseInt(segment));
            default -> throw new AssertionError(container);
        }
    }

    private void note(KeyPath at, JsonNode written, Places places) {
        places.put(at, option, option);
        for (Map.Entry<String, JsonNode> entry : written.properties()) {
            note(at.child(entry.getKey()), entry.getValue(), places);
        }
        for (int i = 0; i < (written.isArray() ? written.size() : 0); i++) {
            note(at.child(Integer.toString(i)), written.get(i), places);
        }
    }
}
