package io.github.corymb.bundle;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// JSON of files that may come from anywhere: UTF-8 only, no duplicate key, nothing after the value, little nesting.
final class StrictJson {

    private static final int NESTING_LIMIT = 16;
    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(NESTING_LIMIT)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private StrictJson() {}

    /// The JSON value that `bytes` hold.
    static JsonNode read(ByteBuffer bytes) throws JsonProcessingException {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString();
        } catch (CharacterCodingException problem) {
            throw new JsonParseException(null, "expected UTF-8", problem);
        }
        return MAPPER.readTree(text);
    }

    static String write(JsonNode node) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(node) + "\n";
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// One line that says what is wrong and where.
    static String problemOf(JsonProcessingException problem) {
        String message = problem.getOriginalMessage().lines().findFirst().orElse("no JSON");
        return problem.getLocation() == null
                ? message
                : "%s (line %d, column %d)"
                        .formatted(
                                message,
                                problem.getLocation().getLineNr(),
                                problem.getLocation().getColumnNr());
    }

    /// What a value is, in a word.
    static String kindOf(JsonNode node) {
        return node == null ? "nothing" : node.getNodeType().name().toLowerCase(Locale.ROOT);
    }
}
