package io.github.corymb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.corymb.feature.InputException;
import java.io.StringReader;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/// A YAML text as plain values, and where each of them stood. Scalars are read by the core schema of YAML 1.2. Nothing
/// in a text can name a class or grow beyond its limits: one document, no tags, no duplicate keys, few aliases.
///
/// @param root what the text says
/// @param places where
record YamlTree(JsonNode root, Places places) {

    static final int TEXT_LIMIT = 1 << 20; // code points
    private static final int NESTING_LIMIT = 32;
    private static final int ALIAS_LIMIT = 32;

    /// @param origin what to put before line and column: the file's name
    /// @throws InputException `FILE:LINE:COLUMN: what is wrong`
    static YamlTree parse(String text, String origin) {
        LoaderOptions limits = new LoaderOptions();
        limits.setCodePointLimit(TEXT_LIMIT);
        limits.setNestingDepthLimit(NESTING_LIMIT);
        limits.setMaxAliasesForCollections(ALIAS_LIMIT);
        Places places = new Places(origin);
        try {
            StreamReader reader = new StreamReader(new StringReader(text));
            Node document = new Composer(new ParserImpl(reader, limits), new CoreSchema(), limits).getSingleNode();
            JsonNode root = document == null
                    ? JsonNodeFactory.instance.nullNode()
                    : new YamlConversion(origin, places).convert(document, KeyPath.ROOT);
            return new YamlTree(root, places);
        } catch (MarkedYAMLException problem) {
            Mark mark = problem.getProblemMark() == null ? problem.getContextMark() : problem.getProblemMark();
            String place = mark == null ? origin : placeOf(origin, mark);
            String what = oneLine(problem.getProblem());
            String message = what.startsWith("but ") ? oneLine(problem.getContext()) + " " + what : what;
            throw new InputException(place + ": " + message, problem);
        } catch (YAMLException problem) {
            throw new InputException(origin + ": " + oneLine(problem.getMessage()), problem);
        }
    }

    static String placeOf(String origin, Mark mark) {
        return "%s:%d:%d".formatted(origin, mark.getLine() + 1, mark.getColumn() + 1);
    }

    private static String oneLine(String message) {
        return message == null ? "no YAML" : message.lines().findFirst().orElse("no YAML");
    }
}
