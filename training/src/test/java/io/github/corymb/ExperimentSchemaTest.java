package io.github.corymb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExperimentSchemaTest {

    private static final Path COMMITTED = Path.of("..", "docs", "experiment.schema.json");
    private static final JsonSchema SCHEMA =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(ExperimentSchema.write());

    static List<String> samples() {
        return SampleExperiments.NAMES;
    }

    @Test
    void theCommittedSchemaIsTheOneOfTheRecords() throws IOException {
        if (Boolean.getBoolean("corymb.write.schema")) {
            Files.writeString(COMMITTED, ExperimentSchema.write());
        }
        assertEquals(
                ExperimentSchema.write(), Files.readString(COMMITTED), "run again with -Dcorymb.write.schema=true");
    }

    @ParameterizedTest
    @MethodSource("samples")
    void whatPeopleWriteAndWhatIsResolvedIsValid(String name) {
        assertEquals(Set.of(), validate(tree(SampleExperiments.text(name))));
        assertEquals(Set.of(), validate(tree(ExperimentWriter.write(SampleExperiments.read(name)))));
    }

    @Test
    void everyExampleIsValidAndRead() throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(Path.of("..", "examples"))) {
            files = walk.filter(file -> file.toString().endsWith(".yaml")).toList();
        }
        assertFalse(files.isEmpty());
        for (Path file : files) {
            ExperimentReader.read(file);
            assertEquals(Set.of(), validate(tree(Files.readString(file))), file.toString());
        }
    }

    @Test
    void theReferenceNamesEveryKey() throws IOException {
        String reference = Files.readString(Path.of("..", "docs", "experiment.md"));
        List<String> missing = new ObjectMapper()
                .readTree(ExperimentSchema.write()).findValues("properties").stream()
                        .flatMap(properties -> properties.properties().stream().map(Map.Entry::getKey))
                        .distinct()
                        .filter(key -> !reference.contains("`" + key + "`"))
                        .toList();
        assertEquals(List.of(), missing);
    }

    /// With any one key taken away or misspelt, the schema refuses a file where the reader misses a key, and only
    /// there.
    @ParameterizedTest
    @MethodSource("samples")
    void aFileWithOneKeyLessOrMisspeltIsValidWhereTheReaderTakesIt(String name) throws JsonProcessingException {
        JsonNode original = tree(SampleExperiments.text(name));
        for (KeyPath path : keysOf(original, KeyPath.ROOT)) {
            if (isName(path)) {
                continue;
            }
            ObjectNode less = original.deepCopy();
            JsonNode value = parentOf(less, path).remove(path.last());
            assertAgree(path + " taken away", less);
            ObjectNode misspelt = less.deepCopy();
            parentOf(misspelt, path).set(path.last() + "x", value);
            assertFalse(validate(misspelt).isEmpty(), path + "x");
            ObjectNode wrong = original.deepCopy();
            parentOf(wrong, path).putObject(path.last()).put("no", "such");
            assertFalse(validate(wrong).isEmpty(), path + ": {no: such}");
        }
    }

    private static void assertAgree(String change, JsonNode tree) throws JsonProcessingException {
        boolean taken;
        String problem = "";
        try {
            String text = new ObjectMapper().writeValueAsString(tree);
            ExperimentReader.parse(text, "x", SampleExperiments.FOLDER, List.of());
            taken = true;
        } catch (InputException refused) {
            taken = false;
            problem = refused.getMessage();
        }
        boolean outOfRange = !taken && !problem.endsWith("found nothing") && !problem.endsWith("found none");
        assertTrue(outOfRange || taken == validate(tree).isEmpty(), change + ": " + problem + validate(tree));
    }

    /// Names of features, tasks and fusions are free, and so is, for the schema, which task a fusion weighs.
    private static boolean isName(KeyPath path) {
        List<String> above = path.parent().segments();
        boolean isNamed = Set.of(List.of("features"), List.of("tasks"), List.of("serving", "fusions"))
                .contains(above);
        return isNamed || (path.segments().size() == 5 && above.getLast().equals("weights")); // of a fusion
    }

    private static List<KeyPath> keysOf(JsonNode node, KeyPath at) {
        List<KeyPath> keys = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            KeyPath path = at.child(entry.getKey());
            keys.add(path);
            keys.addAll(keysOf(entry.getValue(), path));
        }
        return keys;
    }

    private static ObjectNode parentOf(ObjectNode root, KeyPath path) {
        JsonNode node = root;
        for (String segment : path.parent().segments()) {
            node = node.get(segment);
        }
        return (ObjectNode) node;
    }

    private static JsonNode tree(String text) {
        return YamlTree.parse(text, "sample").root();
    }

    private static Set<ValidationMessage> validate(JsonNode tree) {
        return SCHEMA.validate(tree);
    }
}
