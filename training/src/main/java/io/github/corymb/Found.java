package io.github.corymb;

import com.fasterxml.jackson.databind.JsonNode;

/// What was found where something else was expected, in words.
final class Found {

    private static final int TEXT_LIMIT = 40;

    private Found() {}

    static String describe(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "a mapping";
            case ARRAY -> "a list";
            case STRING -> "text '" + shorten(node.textValue()) + "'";
            case NUMBER, BOOLEAN -> node.asText();
            case NULL, MISSING, BINARY, POJO -> "nothing";
        };
    }

    private static String shorten(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() > TEXT_LIMIT ? line.substring(0, TEXT_LIMIT) + "…" : line;
    }
}
