package io.github.corymb.serving.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/// An OpenAPI document of the project, and the answers that it allows.
record ApiDocument(JsonNode root) {

    private static final List<String> METHODS = List.of("get", "post", "put", "delete");

    /// @param file in `docs`
    static ApiDocument read(String file) throws IOException {
        return new ApiDocument(
                new YAMLMapper().readTree(Path.of("..", "docs", file).toFile()));
    }

    /// A method of a path.
    record Operation(String method, String path, JsonNode description) {

        /// How a status of it is named.
        String with(int status) {
            return method + " " + path + " " + status;
        }

        List<Integer> statuses() {
            List<Integer> statuses = new ArrayList<>();
            description
                    .path("responses")
                    .fieldNames()
                    .forEachRemaining(status -> statuses.add(Integer.valueOf(status)));
            return statuses;
        }

        /// Where it is asked, by the values of its path's parameters.
        String at(String name, String version, String label) {
            return path.replace("{name}", name).replace("{version}", version).replace("{label}", label);
        }
    }

    List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : root.path("paths").properties()) {
            for (String method : METHODS) {
                if (path.getValue().has(method)) {
                    operations.add(new Operation(
                            method.toUpperCase(Locale.ROOT),
                            path.getKey(),
                            path.getValue().get(method)));
                }
            }
        }
        return operations;
    }

    /// A status and its operation, where the answer is one that the document allows.
    ///
    /// @param header by its name; null for one that the answer lacks
    String checked(Operation operation, int status, UnaryOperator<String> header, String body) throws IOException {
        String name = operation.with(status);
        JsonNode documented = operation.description().path("responses").path(Integer.toString(status));
        assertFalse(documented.isMissingNode(), name + ": " + body);
        if (documented.has("$ref")) {
            documented = root.at(documented.path("$ref").asText().substring(1));
        }
        for (Map.Entry<String, JsonNode> each : documented.path("headers").properties()) {
            String value = header.apply(each.getKey());
            assertNotNull(value, name + ": " + each.getKey());
            JsonNode schema = each.getValue().path("schema");
            boolean isNumber = schema.path("type").asText().equals("integer");
            assertValid(schema, isNumber ? RankBody.JSON.readTree(value) : RankBody.JSON.valueToTree(value));
        }
        String type = String.valueOf(header.apply("content-type")).replaceAll(";.*", "");
        JsonNode content = documented.path("content").path(type);
        assertFalse(content.isMissingNode(), name + ": " + type);
        if (type.equals("application/json")) {
            assertValid(content.path("schema"), RankBody.JSON.readTree(body));
        }
        return name;
    }

    /// Whether a body is one that the operation takes.
    void assertTaken(Operation operation, String body) throws IOException {
        JsonNode schema = operation.description().at("/requestBody/content/application~1json/schema");
        assertValid(schema, RankBody.JSON.readTree(body));
    }

    private void assertValid(JsonNode schema, JsonNode value) {
        ObjectNode whole = schema.deepCopy();
        whole.set("components", root.path("components"));
        assertEquals(
                Set.of(),
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                        .getSchema(whole)
                        .validate(value),
                value.toString());
    }
}
