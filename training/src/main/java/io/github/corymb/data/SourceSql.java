package io.github.corymb.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.corymb.feature.InputException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// `data.source` as a SELECT statement whose relative paths have become absolute ones.
///
/// @param written what the user wrote
/// @param sql what DuckDB is asked
/// @param edits how the one became the other, ascending
/// @param tree the parsed statement; nothing where the parser's JSON cannot tell it, and for a path
/// @param isFile whether the user wrote a path
record SourceSql(String written, String sql, List<Edit> edits, Optional<JsonNode> tree, boolean isFile) {

    /// At byte `at` of what was written, `removed` became `added`.
    record Edit(int at, String removed, String added) {

        int removedLength() {
            return removed.getBytes(StandardCharsets.UTF_8).length;
        }

        int addedLength() {
            return added.getBytes(StandardCharsets.UTF_8).length;
        }
    }

    private static final Pattern STATEMENT =
            Pattern.compile("(?is)(?:\\s++|--[^\\n]*+\\n|/\\*.*?\\*/)*+(?:select|with|from)\\b");
    private static final Pattern FILE = Pattern.compile("(?is).*\\.((csv|tsv|json|ndjson|jsonl)(\\.gz)?|parquet)");

    /// @throws InputException for a file that is not there, and text that is neither SQL nor a path
    static SourceSql of(DuckDb database, String source, Path folder) {
        String text = source.strip();
        return STATEMENT.matcher(text).lookingAt() ? ofStatement(database, text, folder) : ofFile(text, folder);
    }

    private static SourceSql ofFile(String path, Path folder) {
        if (!FILE.matcher(path).matches()) {
            throw new InputException(
                    "data.source: expected SQL that starts with SELECT, WITH or FROM, or a file that ends"
                            + " in .csv, .tsv, .parquet, .json, .ndjson or .jsonl, found '" + SqlErrors.oneLine(path)
                            + "'");
        }
        String absolute = absolute(path, folder);
        if (!isPattern(path) && !Files.isReadable(Path.of(absolute))) {
            throw missing(path);
        }
        return new SourceSql(path, "FROM " + Sql.literal(absolute), List.of(), Optional.empty(), true);
    }

    static InputException missing(String path) {
        return new InputException("data.source: expected a readable file, found none at " + path);
    }

    private static SourceSql ofStatement(DuckDb database, String written, Path folder) {
        String text = written.endsWith(";")
                ? written.substring(0, written.length() - 1).strip()
                : written;
        Optional<JsonNode> tree;
        try {
            tree = SqlTree.parse(database, text);
        } catch (DuckDbException e) {
            throw SqlErrors.ofSource(e, new SourceSql(text, text, List.of(), Optional.empty(), false), 0);
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        List<Edit> edits = new ArrayList<>();
        tree.ifPresent(root -> SqlTree.walk(root, node -> addEdits(node, bytes, folder, edits)));
        edits.sort(Comparator.comparingInt(Edit::at));
        return new SourceSql(text, apply(bytes, edits), List.copyOf(edits), tree, false);
    }

    private static void addEdits(JsonNode node, byte[] text, Path folder, List<Edit> edits) {
        switch (SqlTree.type(node)) {
            case "BASE_TABLE" -> {
                String name = node.path("table_name").asText();
                boolean qualified = !node.path("schema_name").asText().isEmpty();
                if (!qualified && (name.contains(".") || name.contains("/"))) {
                    addEdit(name, node.path("query_location").asLong(), text, folder, edits);
                }
            }
            case "TABLE_FUNCTION" -> {
                JsonNode function = node.path("function");
                String name = function.path("function_name").asText().toLowerCase(Locale.ROOT);
                JsonNode first = function.path("children").path(0);
                if (name.startsWith("read_") || name.startsWith("parquet_") || name.equals("glob")) {
                    SqlTree.walk(first, child -> {
                        if (SqlTree.type(child).equals("VALUE_CONSTANT")) {
                            String path = child.path("value").path("value").asText();
                            addEdit(path, child.path("query_location").asLong(), text, folder, edits);
                        }
                    });
                }
            }
            default -> {
                // No path stands elsewhere.
            }
        }
    }

    /// Edits the quoted path at a place of the text, unless something else stands there.
    private static void addEdit(String path, long at, byte[] text, Path folder, List<Edit> edits) {
        if (at < 0 || at >= text.length || isAbsolute(path)) {
            return;
        }
        String absolute = absolute(path, folder);
        addEdit(Sql.literal(path), Sql.literal(absolute), (int) at, text, edits);
        addEdit(Sql.name(path), Sql.name(absolute), (int) at, text, edits);
    }

    private static void addEdit(String quoted, String replacement, int at, byte[] text, List<Edit> edits) {
        byte[] bytes = quoted.getBytes(StandardCharsets.UTF_8);
        int end = at + bytes.length;
        if (end <= text.length && Arrays.equals(text, at, end, bytes, 0, bytes.length)) {
            edits.add(new Edit(at, quoted, replacement));
        }
    }

    private static String apply(byte[] text, List<Edit> edits) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length + 64);
        int from = 0;
        for (Edit edit : edits) {
            out.write(text, from, edit.at() - from);
            out.writeBytes(edit.added().getBytes(StandardCharsets.UTF_8));
            from = edit.at() + edit.removedLength();
        }
        out.write(text, from, text.length - from);
        return out.toString(StandardCharsets.UTF_8);
    }

    /// Byte `position` of [#sql()] as one of [#written()].
    int writtenPosition(int position) {
        int shift = 0;
        for (Edit edit : edits) {
            int start = edit.at() + shift;
            if (position < start) {
                break;
            }
            if (position < start + edit.addedLength()) {
                return edit.at();
            }
            shift += edit.addedLength() - edit.removedLength();
        }
        return position - shift;
    }

    /// The file that a relative or absolute path names, or nothing where DuckDB alone can tell what it stands for.
    static Optional<Path> file(String path, Path folder) {
        return path.isEmpty() || isPattern(path) ? Optional.empty() : Optional.of(Path.of(absolute(path, folder)));
    }

    private static String absolute(String path, Path folder) {
        String separator = folder.getFileSystem().getSeparator();
        String base = folder.toAbsolutePath().normalize().toString();
        return isAbsolute(path) ? path : base + (base.endsWith(separator) ? "" : separator) + path;
    }

    /// Whether a path begins at a root: of the system, of a drive, at the home folder or a server.
    private static boolean isAbsolute(String path) {
        return path.startsWith("/")
                || path.startsWith("~")
                || path.contains("://")
                || path.matches("(?s)[A-Za-z]:[\\\\/].*");
    }

    /// Whether DuckDB alone can tell which files a path stands for.
    private static boolean isPattern(String path) {
        return path.startsWith("~") || path.contains("://") || path.matches("(?s).*[*?\\[].*");
    }
}
