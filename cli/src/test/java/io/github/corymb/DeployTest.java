package io.github.corymb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.corymb.serving.server.ServerOptions;
import io.github.corymb.train.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The recipes under `deploy/`: well formed, and true of this server.
class DeployTest {

    private static final Path DEPLOY = RepositoryFiles.ROOT.resolve("deploy");
    private static final Set<String> INSTRUCTIONS =
            Set.of("FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "EXPOSE", "STOPSIGNAL", "ENTRYPOINT", "CMD");
    private static final String IMAGE = "corymb:" + Version.current();

    private static Map<String, JsonNode> manifest() throws IOException {
        YAMLFactory yaml = new YAMLFactory();
        try (var documents = new YAMLMapper(yaml)
                .readerFor(JsonNode.class)
                .<JsonNode>readValues(DEPLOY.resolve("kubernetes.yaml").toFile())) {
            return documents.readAll().stream()
                    .collect(Collectors.toMap(document -> document.get("kind").asText(), Function.identity()));
        }
    }

    @Test
    void everyKubernetesObjectNamesItsVersionAndItself() throws IOException {
        Map<String, String> versions = Map.of(
                "Deployment", "apps/v1",
                "Service", "v1",
                "PodDisruptionBudget", "policy/v1",
                "NetworkPolicy", "networking.k8s.io/v1");
        Map<String, JsonNode> objects = manifest();
        assertEquals(versions.keySet(), objects.keySet());
        objects.forEach((kind, object) -> {
            assertEquals(versions.get(kind), object.get("apiVersion").asText());
            assertEquals("corymb", object.at("/metadata/name").asText());
            assertTrue(object.get("spec").isObject(), kind);
        });
        JsonNode labels = objects.get("Deployment").at("/spec/template/metadata/labels");
        assertFalse(labels.isEmpty());
        assertEquals(labels, objects.get("Deployment").at("/spec/selector/matchLabels"));
        assertEquals(labels, objects.get("Service").at("/spec/selector"));
        assertEquals(labels, objects.get("PodDisruptionBudget").at("/spec/selector/matchLabels"));
        assertEquals(labels, objects.get("NetworkPolicy").at("/spec/podSelector/matchLabels"));
    }

    @Test
    void aPodIsProbedLimitedUnprivilegedAndHasTimeToDrain() throws IOException {
        JsonNode pod = manifest().get("Deployment").at("/spec/template/spec");
        JsonNode container = pod.at("/containers/0");
        assertEquals(IMAGE, container.get("image").asText());
        assertEquals(
                "/v2/health/live", container.at("/startupProbe/httpGet/path").asText());
        assertEquals(
                "/v2/health/live", container.at("/livenessProbe/httpGet/path").asText());
        assertEquals(
                "/v2/health/ready", container.at("/readinessProbe/httpGet/path").asText());
        String port = container.at("/ports/0/name").asText();
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertEquals(port, container.at("/" + probe + "/httpGet/port").asText());
        }
        for (String bound : List.of("requests/cpu", "requests/memory", "limits/memory")) {
            assertTrue(container.at("/resources/" + bound).isTextual(), bound);
        }
        assertTrue(pod.at("/securityContext/runAsNonRoot").booleanValue());
        assertTrue(container.at("/securityContext/readOnlyRootFilesystem").booleanValue());
        assertFalse(container.at("/securityContext/allowPrivilegeEscalation").booleanValue());
        assertEquals(
                "[\"ALL\"]", container.at("/securityContext/capabilities/drop").toString());
        long needed = ServerOptions.STANDARD.drain().toSeconds()
                + container.at("/lifecycle/preStop/sleep/seconds").asLong();
        assertTrue(pod.get("terminationGracePeriodSeconds").asLong() > needed, "more than " + needed + " s");
        Set<String> volumes = Set.copyOf(pod.get("volumes").findValuesAsText("name"));
        assertEquals(volumes, Set.copyOf(container.get("volumeMounts").findValuesAsText("name")));
    }

    @Test
    void theContainerfileBuildsFromWhatIsHereAndRunsAsNobody() throws IOException {
        List<String[]> instructions = instructions(Files.readString(DEPLOY.resolve("Containerfile")));
        String user = null;
        List<String> arguments = new ArrayList<>();
        for (String[] instruction : instructions) {
            assertTrue(INSTRUCTIONS.contains(instruction[0]), instruction[0] + ": unknown");
            switch (instruction[0]) {
                case "FROM" ->
                    assertTrue(instruction[1].matches("[a-z-]+:[\\w.-]*\\d[\\w.-]*( AS [a-z]+)?"), instruction[1]);
                case "COPY" ->
                    assertTrue(instruction[1].matches("\\. \\.|--from=build /corymb /opt/corymb"), instruction[1]);
                case "USER" -> user = instruction[1];
                case "ENTRYPOINT", "CMD" ->
                    new JsonMapper().readTree(instruction[1]).forEach(word -> arguments.add(word.asText()));
                default -> {
                    // nothing that this repository knows better
                }
            }
        }
        assertEquals("10001:10001", user, "not root");
        assertEquals(
                manifest()
                        .get("Deployment")
                        .at("/spec/template/spec/securityContext/runAsUser")
                        .asText(),
                user.replaceFirst(":.*", ""));
        int main = arguments.indexOf("io.github.corymb.cli.Main");
        assertEquals(
                List.of("serve", "--host", "0.0.0.0", "/models", "--port", "8080"),
                arguments.subList(main + 1, arguments.size()));
        assertTrue(Files.readString(DEPLOY.resolve("Containerfile")).contains(IMAGE), "its examples name " + IMAGE);
    }

    /// Instruction and the rest, comments left out and continued lines joined.
    private static List<String[]> instructions(String text) {
        String joined = text.lines()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.joining("\n"))
                .replaceAll("\\\\\\n\\s*", " ");
        return joined.lines()
                .filter(line -> !line.isBlank())
                .map(line -> line.split("\\s+", 2))
                .toList();
    }
}
