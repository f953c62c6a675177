package io.github.corymb.serving.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.corymb.feature.ColumnBuilder;
import io.github.corymb.feature.InputException;
import io.github.corymb.feature.NearestName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Reads a request's JSON from left to right, so that what is beyond a limit is refused before memory is taken for it.
/// Every method reads one value whole. Errors name the value's place, what is expected there, and what it is. One
/// thread.
final class JsonReader {

    /// Characters of a text.
    static final int TEXT_LIMIT = 65_536;
    /// Characters of a key, and of a name that a request gives.
    static final int NAME_LIMIT = 1_000;
    /// Values of a list.
    static final int LIST_LIMIT = 100_000;

    static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(8)
                    .maxNumberLength(100)
                    .maxStringLength(TEXT_LIMIT)
                    .maxNameLength(NAME_LIMIT)
                    .build())
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .build();

    /// Reads the value of a key.
    @FunctionalInterface
    interface Entry {
        void read(String name) throws IOException;
    }

    /// Reads an element of an array, counted from 0.
    @FunctionalInterface
    interface Element {
        void read(int index) throws IOException;
    }

    /// Reads a body.
    @FunctionalInterface
    interface Body<T> {
        T read(JsonReader json) throws IOException;
    }

    private final JsonParser parser; // at the first token of the value that is read next

    private JsonReader(JsonParser parser) {
        this.parser = parser;
    }

    /// Reads the one value that the first `length` bytes are.
    ///
    /// @throws InputException where they are no JSON, and as `body` does
    static <T> T read(byte[] json, int length, Body<T> body) {
        try (JsonParser parser = FACTORY.createParser(json, 0, length)) {
            if (parser.nextToken() == null) {
                throw new InputException("body: expected JSON, found nothing");
            }
            T read = body.read(new JsonReader(parser));
            if (parser.nextToken() != null) {
                throw new InputException("body: expected one value, found more after it");
            }
            return read;
        } catch (JsonProcessingException problem) {
            throw new InputException(
                    "body: expected JSON: "
                            + problem.getOriginalMessage().lines().findFirst().orElse("found none"),
                    problem);
        } catch (IOException problem) {
            throw new InputException("body: expected JSON: found no UTF-8", problem);
        }
    }

    /// Reads an object, and refuses a key that comes twice.
    void object(String place, Entry each) throws IOException {
        Set<String> names = new HashSet<>();
        entries(place, name -> {
            if (!names.add(name)) {
                throw new InputException("%s: expected '%s' once, found it twice".formatted(place, name));
            }
            each.read(name);
        });
    }

    /// Reads an object; to see that a key comes twice is the caller's.
    void entries(String place, Entry each) throws IOException {
        expect(place, "an object", JsonToken.START_OBJECT);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            each.read(name);
        }
    }

    /// @param limit elements beyond which it is refused
    void array(String place, int limit, Element each) throws IOException {
        expect(place, "an array", JsonToken.START_ARRAY);
        for (int index = 0; parser.nextToken() != JsonToken.END_ARRAY; index++) {
            if (index == limit) {
                throw new InputException("%s: expected at most %d, found more".formatted(place, limit));
            }
            each.read(index);
        }
    }

    String text(String place, String expected) throws IOException {
        expect(place, expected, JsonToken.VALUE_STRING);
        return parser.getText();
    }

    int integer(String place, String expected) throws IOException {
        boolean whole = parser.currentToken() == JsonToken.VALUE_NUMBER_INT;
        if (!whole && parser.currentToken() != JsonToken.VALUE_NUMBER_FLOAT) {
            throw wrong(place, expected);
        }
        if (!whole || parser.getNumberType() != JsonParser.NumberType.INT) {
            throw new InputException("%s: expected %s, found %s".formatted(place, expected, parser.getText()));
        }
        return parser.getIntValue();
    }

    /// A text that is a name of something.
    String name(String place, String expected) throws IOException {
        String name = text(place, expected);
        if (name.length() > NAME_LIMIT) {
            throw new InputException(
                    "%s: expected at most %d characters, found %d".formatted(place, NAME_LIMIT, name.length()));
        }
        return name;
    }

    boolean isBoolean() {
        return parser.currentToken().isBoolean();
    }

    boolean isText() {
        return parser.currentToken() == JsonToken.VALUE_STRING;
    }

    boolean isArray() {
        return parser.currentToken() == JsonToken.START_ARRAY;
    }

    /// A number, boolean, text or null.
    ///
    /// @param place a whole phrase, such as `column 'price'`
    Object scalar(String place, String expected) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case START_OBJECT, START_ARRAY, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw wrong(place, expected);
        };
    }

    /// Adds a number, boolean, text or null, or a list of such, to a column.
    ///
    /// @throws InputException where it is of another kind than the values before
    void addTo(ColumnBuilder column) throws IOException {
        switch (parser.currentToken()) {
            case VALUE_STRING ->
                column.addText(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
            case VALUE_NUMBER_INT -> {
                if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                    column.addInteger(parser.getBigIntegerValue());
                } else {
                    column.addLong(parser.getLongValue());
                }
            }
            case VALUE_NUMBER_FLOAT -> column.addDouble(parser.getDoubleValue());
            case VALUE_TRUE -> column.addLong(1);
            case VALUE_FALSE -> column.addLong(0);
            case VALUE_NULL -> column.addNull();
            case START_ARRAY -> addListTo(column);
            case START_OBJECT, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw new InputException("expected a value or a list, found " + kind());
        }
    }

    private void addListTo(ColumnBuilder column) throws IOException {
        ColumnBuilder elements = column.beginList();
        for (int count = 0; parser.nextToken() != JsonToken.END_ARRAY; count++) {
            if (count == LIST_LIMIT) {
                throw new InputException("expected at most %d, found more".formatted(LIST_LIMIT));
            }
            addTo(elements);
        }
        column.endList();
    }

    /// The plain values of an array one after another, however they are nested in it.
    List<Object> flat(String place) throws IOException {
        List<Object> values = new ArrayList<>();
        flat(place, values);
        return values;
    }

    private void flat(String place, List<Object> into) throws IOException {
        array(place, Integer.MAX_VALUE, _ -> {
            if (isArray()) {
                flat(place, into);
            } else {
                into.add(scalar(place, "a value or a list"));
            }
        });
    }

    /// Any value as a tree.
    JsonNode node() throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> TextNode.valueOf(parser.getText());
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? BigIntegerNode.valueOf(parser.getBigIntegerValue())
                        : LongNode.valueOf(parser.getLongValue());
            default -> RankBody.JSON.readTree(parser);
        };
    }

    /// An object as a tree.
    JsonNode tree(String place) throws IOException {
        expect(place, "an object", JsonToken.START_OBJECT);
        return RankBody.JSON.readTree(parser);
    }

    /// Any value, which is not looked at.
    void skip() throws IOException {
        parser.skipChildren();
    }

    /// The refusal of a key.
    static InputException unknownKey(String place, String name, List<String> known) {
        return new InputException("%s: unknown key '%s'%s".formatted(place, name, NearestName.hint(name, known)));
    }

    private void expect(String place, String expected, JsonToken token) {
        if (parser.currentToken() != token) {
            throw wrong(place, expected);
        }
    }

    private InputException wrong(String place, String expected) {
        return new InputException("%s: expected %s, found %s".formatted(place, expected, kind()));
    }

    private String kind() {
        return switch (parser.currentToken()) {
            case START_OBJECT -> "object";
            case START_ARRAY -> "array";
            case VALUE_STRING -> "string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "number";
            case VALUE_TRUE, VALUE_FALSE -> "boolean";
            case VALUE_NULL -> "null";
            case END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE -> "nothing";
        };
    }
}
