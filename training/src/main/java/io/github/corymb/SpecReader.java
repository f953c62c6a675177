package io.github.corymb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.corymb.feature.InputException;
import java.util.List;
import java.util.function.Consumer;

/// From YAML and settings to a record, with the place of whatever is wrong.
final class SpecReader {

    private static final JsonMapper MAPPER = SpecMapper.create();

    private SpecReader() {}

    /// @param origin what names the text in messages
    /// @param assignments each `path=value`, applied in turn
    /// @param settle what to do with the values before they are bound
    /// @throws InputException in one line, whatever is wrong with the text
    static <T> T read(Class<T> type, String text, String origin, List<String> assignments, Consumer<ObjectNode> settle) {
        YamlTree tree = YamlTree.parse(text, origin);
        if (!(tree.root() instanceof ObjectNode root)) {
            throw new InputException("%s: expected a mapping, found %s".formatted(origin, Found.describe(tree.root())));
        }
        for (String assignment : assignments) {
            Setting.parse(assignment).apply(root, tree.places());
        }
        settle.accept(root);
        return bind(type, root, tree.places());
    }

    private static <T> T bind(Class<T> type, JsonNode root, Places places) {
        try {
            return MAPPER.treeToValue(root, type);
        } catch (JsonProcessingException problem) {
            throw new BindingProblem(root, places).explain(problem);
        }
    }
}
