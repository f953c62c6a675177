package io.github.corymb;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.emitter.Emitter;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.serializer.Serializer;

/// Writes plain values as YAML that [YamlTree] reads back as the same values. A mapping or list without another one
/// in it stands on one line, as people write it.
final class YamlWriter {

    private YamlWriter() {}

    /// The text of a file, an entry of `root` a line.
    static String write(JsonNode root) {
        return emit(nodeOf(root, true));
    }

    /// A value without another mapping in it, on one line.
    static String inline(JsonNode value) {
        return emit(nodeOf(value, false)).strip();
    }

    private static String emit(Node node) {
        DumperOptions options = new DumperOptions();
        options.setWidth(120);
        options.setSplitLines(false);
        StringWriter text = new StringWriter();
        Serializer serializer = new Serializer(new Emitter(text, options), new CoreSchema(), options, null);
        try {
            serializer.open();
            serializer.serialize(node);
            serializer.close();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    private static Node nodeOf(JsonNode value, boolean outermost) {
        return switch (value.getNodeType()) {
            case OBJECT -> {
                List<NodeTuple> entries = new ArrayList<>();
                for (Map.Entry<String, JsonNode> entry : value.properties()) {
                    entries.add(new NodeTuple(text(entry.getKey()), nodeOf(entry.getValue(), false)));
                }
                yield new MappingNode(Tag.MAP, entries, outermost ? FlowStyle.BLOCK : styleOf(value));
            }
            case ARRAY -> {
                List<Node> elements = new ArrayList<>();
                value.forEach(element -> elements.add(nodeOf(element, false)));
                yield new SequenceNode(Tag.SEQ, elements, styleOf(value));
            }
            case STRING -> text(value.textValue());
            case NUMBER -> scalar(value.isIntegralNumber() ? Tag.INT : Tag.FLOAT, value.asText());
            case BOOLEAN -> scalar(Tag.BOOL, value.asText());
            case NULL, MISSING, BINARY, POJO -> scalar(Tag.NULL, "null");
        };
    }

    private static FlowStyle styleOf(JsonNode value) {
        boolean deep = value.valueStream().flatMap(JsonNode::valueStream).anyMatch(JsonNode::isContainerNode)
                || value.valueStream().anyMatch(JsonNode::isObject)
                || value.valueStream()
                        .anyMatch(
                                child -> child.isTextual() && child.textValue().contains("\n"));
        return deep ? FlowStyle.BLOCK : FlowStyle.FLOW;
    }

    private static Node text(String value) {
        ScalarStyle style = value.contains("\n") ? ScalarStyle.LITERAL : ScalarStyle.PLAIN;
        boolean special = value.chars().anyMatch(YamlWriter::isSpecial);
        return new ScalarNode(Tag.STR, value, null, null, special ? ScalarStyle.DOUBLE_QUOTED : style);
    }

    /// Control characters and line breaks other than the usual one, which only double quotes keep.
    private static boolean isSpecial(int character) {
        return character != '\n' && (Character.isISOControl(character) || character == 0x2028 || character == 0x2029);
    }

    private static Node scalar(Tag tag, String value) {
        return new ScalarNode(tag, value, null, null, ScalarStyle.PLAIN);
    }
}
