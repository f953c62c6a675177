package io.github.corymb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.corymb.feature.InputException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/// A file that somebody broke is read, or refused in one line: never anything else.
class ExperimentFuzzTest {

    @Property(tries = 600, seed = "2026")
    void aFileWithACharacterChangedIsReadOrRefusedInOneLine(
            @ForAll("samples") String name, @ForAll @IntRange(max = 5000) int place, @ForAll("tokens") String token) {
        String text = SampleExperiments.text(name);
        int at = place % text.length();
        readOrRefuse(text.substring(0, at) + token + text.substring(at + 1));
    }

    @Property(tries = 300, seed = "2027")
    void aFileThatEndsEarlyIsReadOrRefusedInOneLine(
            @ForAll("samples") String name, @ForAll @IntRange(max = 5000) int length) {
        String text = SampleExperiments.text(name);
        readOrRefuse(text.substring(0, length % text.length()));
    }

    @Property(tries = 300, seed = "2028")
    void anyTextIsWrittenSoThatItReadsBack(@ForAll("texts") String text, @ForAll("texts") String key) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put(key, text);
        root.putObject("other")
                .put("inner", text)
                .putArray("list")
                .add(text)
                .add(1)
                .add(1e-7);
        assertEquals(root, YamlTree.parse(YamlWriter.write(root), "x").root());
    }

    @Example
    void aliasesThatWouldGrowWithoutEndAreRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++) {
            bomb.append(
                    "a%d: &a%d [%s]\n".formatted(i, i, "*a%d, ".formatted(i - 1).repeat(10)));
        }
        assertTrue(refusal(bomb.toString()).contains("aliases"), refusal(bomb.toString()));
        assertEquals("x:1:4: expected no alias inside itself", refusal("a: &a [*a]"));
        assertTrue(refusal("[".repeat(5000)).startsWith("x: Nesting Depth exceeded"));
    }

    @Provide
    Arbitrary<String> samples() {
        return Arbitraries.of(SampleExperiments.NAMES);
    }

    @Provide
    Arbitrary<String> tokens() {
        return Arbitraries.of(
                "{", "}", "[", "]", ":", ": ", ",", "\"", "'", "\n", " ", "\t", "-", "- ", "#", "&a ", "*a", "!",
                "!!int ", "|", ">", "%", "@", "`", "?", "~", "0", "9", ".", "é", "\u0000", "\uD800", "\uFEFF", "x",
                "null", "<<: ");
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars("abn0159 \t\n\r:#,[]{}&*!|>'\"%@`~-?.e+\\<=\u0085\u2028é\u0007")
                .ofMaxLength(12);
    }

    private static void readOrRefuse(String text) {
        try {
            ExperimentReader.parse(text, "x.yaml", SampleExperiments.FOLDER, List.of());
        } catch (InputException refused) {
            assertTrue(refused.getMessage().startsWith("x.yaml"), refused.getMessage());
            assertEquals(1, refused.getMessage().lines().count(), refused.getMessage());
        }
    }

    private static String refusal(String text) {
        return assertThrows(InputException.class, () -> YamlTree.parse(text, "x"))
                .getMessage();
    }
}
