package io.github.corymb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.corymb.feature.InputException;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/// Turns a composed YAML document into plain values, and notes where each stood. Used once.
final class YamlConversion {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int NODE_LIMIT = 100_000; // with aliases written out
    private static final int DIGIT_LIMIT = 40;

    private final String origin;
    private final Places places;
    private int nodeCount;

    YamlConversion(String origin, Places places) {
        this.origin = origin;
        this.places = places;
    }

    /// @throws InputException with the place of what is wrong
    JsonNode convert(Node node, KeyPath path) {
        nodeCount++;
        if (nodeCount > NODE_LIMIT) {
            throw problem(node, "expected at most " + NODE_LIMIT + " values, found more, or an alias inside itself");
        }
        return switch (node) {
            case MappingNode mapping -> mapping(mapping, path);
            case SequenceNode sequence -> sequence(sequence, path);
            case ScalarNode scalar -> scalar(scalar);
            default -> throw problem(node, "expected a mapping, a list or a value");
        };
    }

    private ObjectNode mapping(MappingNode mapping, KeyPath path) {
        refuseTag(mapping, Tag.MAP);
        ObjectNode object = JSON.objectNode();
        Map<String, Node> first = new HashMap<>();
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                throw problem(entry.getKeyNode(), "expected a key, found a mapping or a list");
            }
            String name = key.getValue();
            Node earlier = first.putIfAbsent(name, key);
            if (earlier != null) {
                throw problem(
                        key,
                        "duplicate key '%s', first at line %d"
                                .formatted(name, earlier.getStartMark().getLine() + 1));
            }
            KeyPath child = path.child(name);
            places.put(child, placeOf(key), placeOf(entry.getValueNode()));
            object.set(name, convert(entry.getValueNode(), child));
        }
        return object;
    }

    private ArrayNode sequence(SequenceNode sequence, KeyPath path) {
        refuseTag(sequence, Tag.SEQ);
        ArrayNode array = JSON.arrayNode();
        for (Node element : sequence.getValue()) {
            KeyPath child = path.child(Integer.toString(array.size()));
            places.put(child, placeOf(element), placeOf(element));
            array.add(convert(element, child));
        }
        return array;
    }

    private JsonNode scalar(ScalarNode scalar) {
        String text = scalar.getValue();
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.STR)) {
            return JSON.textNode(text);
        }
        if (tag.equals(Tag.NULL)) {
            return JSON.nullNode();
        }
        if (tag.equals(Tag.BOOL)) {
            return JSON.booleanNode(text.equalsIgnoreCase("true"));
        }
        try {
            if (tag.equals(Tag.INT) && text.length() <= DIGIT_LIMIT) {
                return whole(text);
            }
            if (tag.equals(Tag.FLOAT) || tag.equals(Tag.INT)) {
                return decimal(scalar, text);
            }
        } catch (NumberFormatException problem) {
            throw new InputException(
                    placeOf(scalar) + ": expected a number, found '%s'".formatted(text), problem);
        }
        throw problem(scalar, "tag '%s' has no meaning here".formatted(tag));
    }

    private static JsonNode whole(String text) {
        BigInteger number = text.startsWith("0o")
                ? new BigInteger(text.substring(2), 8)
                : text.startsWith("0x") ? new BigInteger(text.substring(2), 16) : new BigInteger(text);
        if (number.bitLength() < Integer.SIZE) {
            return JSON.numberNode(number.intValue());
        }
        return number.bitLength() < Long.SIZE ? JSON.numberNode(number.longValue()) : JSON.numberNode(number);
    }

    private JsonNode decimal(ScalarNode scalar, String text) {
        double number = text.toLowerCase(Locale.ROOT).matches("[-+]?\\.(inf|nan)") ? Double.NaN : Double.parseDouble(text);
        if (!Double.isFinite(number)) {
            throw problem(scalar, "expected a finite number, found " + text);
        }
        return JSON.numberNode(number);
    }

    private void refuseTag(Node node, Tag expected) {
        if (!node.getTag().equals(expected)) {
            throw problem(node, "tag '%s' has no meaning here".formatted(node.getTag()));
        }
    }

    private String placeOf(Node node) {
        return YamlTree.placeOf(origin, node.getStartMark());
    }

    private InputException problem(Node node, String message) {
        return new InputException(placeOf(node) + ": " + message);
    }
}
