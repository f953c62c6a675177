package io.github.corymb.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.corymb.feature.InputException;
import io.github.corymb.feature.NearestName;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// DuckDB's errors as one line for the user: where, and what.
final class SqlErrors {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern NO_FILE = Pattern.compile("No files found that match the pattern \"(.*?)\"");
    private static final Pattern NO_COLUMN =
            Pattern.compile("(?:Referenced column|column named|column) \"([^\"]+)\" (?:not found|does not exist).*"
                    + "|.*does not have a column named \"([^\"]+)\".*");

    private SqlErrors() {}

    /// The error of a statement that contains `source`, from byte `prefixLength` on.
    static InputException ofSource(DuckDbException error, SourceSql source, int prefixLength) {
        JsonNode node = tree(error);
        String message = message(error, node);
        Matcher missing = NO_FILE.matcher(message);
        if (missing.find()) {
            return SourceSql.missing(writtenPath(missing.group(1), source));
        }
        String place = "data.source" + (source.isFile() ? "" : lineAndColumn(node, source, prefixLength));
        return new InputException(place + ": " + sentence(node, message, List.of()), error);
    }

    /// The error of an expression over the data's columns, at a place such as `tasks.like.label`.
    static InputException ofExpression(DuckDbException error, String place, Collection<String> columns) {
        JsonNode node = tree(error);
        return new InputException(place + ": " + sentence(node, message(error, node), columns), error);
    }

    private static String sentence(JsonNode node, String message, Collection<String> columns) {
        Matcher noColumn = NO_COLUMN.matcher(message);
        if (noColumn.matches()) {
            String name = noColumn.group(1) != null ? noColumn.group(1) : noColumn.group(2);
            Collection<String> known = columns.isEmpty()
                    ? Arrays.asList(node.path("candidates").asText().split(",\\s*"))
                    : columns;
            return "expected a column of the data, found '" + name + "'" + NearestName.hint(name, known);
        }
        return message;
    }

    /// The byte of the statement that DuckDB points at, or −1.
    static int position(DuckDbException error) {
        return tree(error).path("position").asInt(-1);
    }

    private static JsonNode tree(DuckDbException error) {
        String text = error.getMessage();
        int brace = text.indexOf('{');
        try {
            return brace < 0 ? MissingNode.getInstance() : JSON.readTree(text.substring(brace));
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance(); // told as it is
        }
    }

    private static String message(DuckDbException error, JsonNode node) {
        String own = node.path("exception_message").asText(node.path("error_message").asText(""));
        return oneLine(own.isEmpty() ? error.getMessage() : own);
    }

    private static String lineAndColumn(JsonNode node, SourceSql source, int prefixLength) {
        int position = node.path("position").asInt(-1) - prefixLength;
        if (!node.has("position") || position < 0) {
            return "";
        }
        byte[] text = source.written().getBytes(StandardCharsets.UTF_8);
        int at = Math.min(source.writtenPosition(position), text.length);
        String before = new String(text, 0, at, StandardCharsets.UTF_8);
        int lineStart = before.lastIndexOf('\n') + 1;
        long line = before.chars().filter(c -> c == '\n').count() + 1;
        return ", line " + line + ", column " + (before.codePointCount(lineStart, before.length()) + 1);
    }

    /// The path as the user wrote it.
    private static String writtenPath(String path, SourceSql source) {
        for (SourceSql.Edit edit : source.edits()) {
            if (edit.added().substring(1, edit.added().length() - 1).equals(path)) {
                return edit.removed().substring(1, edit.removed().length() - 1);
            }
        }
        return source.isFile() ? source.written() : path;
    }

    static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }
}
