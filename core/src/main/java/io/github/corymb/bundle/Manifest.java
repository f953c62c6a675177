package io.github.corymb.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.corymb.feature.InputException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What a bundle says of itself, as `manifest.json`.
///
/// @param corymb the version of Corymb that wrote it
/// @param created when
/// @param files every other file of the bundle, by its path with `/`
public record Manifest(String corymb, Instant created, SortedMap<String, StoredFile> files) {

    public static final String FORMAT = "corymb-bundle";
    public static final int FORMAT_VERSION = 1;

    private static final Set<String> KEYS = Set.of("format", "format_version", "corymb", "created", "files");
    private static final Set<String> FILE_KEYS = Set.of("bytes", "sha256", "crc32c");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern CRC32C = Pattern.compile("[0-9a-f]{8}");

    /// @param size bytes of the file
    /// @param sha256 their digest, 64 lower-case hexadecimal digits
    /// @param crc32c their CRC-32C, 8 lower-case hexadecimal digits; null in manifests of before there was one
    public record StoredFile(long size, String sha256, String crc32c) {

        public StoredFile {
            if (size < 0) {
                throw new IllegalArgumentException("bytes: expected at least 0, found " + size);
            }
            if (!SHA256.matcher(sha256).matches()) {
                throw new IllegalArgumentException("sha256: expected 64 hexadecimal digits, found '" + sha256 + "'");
            }
            if (crc32c != null && !CRC32C.matcher(crc32c).matches()) {
                throw new IllegalArgumentException("crc32c: expected 8 hexadecimal digits, found '" + crc32c + "'");
            }
        }
    }

    public Manifest {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
        for (String path : files.keySet()) {
            if (!BundleLayout.mayHold(path)) {
                throw new IllegalArgumentException("files: '%s' is not a path inside a bundle".formatted(path));
            }
        }
    }

    /// The text of `manifest.json`.
    String toJson() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("format", FORMAT).put("format_version", FORMAT_VERSION);
        root.put("corymb", corymb).put("created", created.toString());
        ObjectNode listed = root.putObject("files");
        files.forEach((path, file) -> {
            ObjectNode told = listed.putObject(path).put("bytes", file.size()).put("sha256", file.sha256());
            if (file.crc32c() != null) {
                told.put("crc32c", file.crc32c());
            }
        });
        return StrictJson.write(root);
    }

    /// Reads `manifest.json`: first whether it is one of ours and of this version, then the rest.
    ///
    /// @throws InputException without the bundle's name, which the caller puts before it
    static Manifest parse(ByteBuffer json) {
        JsonNode root;
        try {
            root = StrictJson.read(json);
        } catch (JsonProcessingException problem) {
            throw new InputException("manifest.json: " + StrictJson.problemOf(problem), problem);
        }
        if (!root.path("format").asText().equals(FORMAT)) {
            throw new InputException("manifest.json: expected format '%s', found %s"
                    .formatted(FORMAT, root.has("format") ? root.get("format") : "none"));
        }
        JsonNode version = root.path("format_version");
        if (!version.isInt() || version.intValue() != FORMAT_VERSION) {
            throw new InputException("expected format version %d, found %s (written by Corymb %s)"
                    .formatted(
                            FORMAT_VERSION,
                            version.isMissingNode() ? "none" : version,
                            root.path("corymb").asText("?")));
        }
        for (String key : root.propertyStream().map(Map.Entry::getKey).toList()) {
            if (!KEYS.contains(key)) {
                throw new InputException("manifest.json: unknown key '" + key + "'");
            }
        }
        try {
            Instant created = Instant.parse(root.path("created").asText());
            return new Manifest(textOf(root, "corymb"), created, readFiles(root.path("files")));
        } catch (IllegalArgumentException | DateTimeException problem) {
            throw new InputException("manifest.json: " + problem.getMessage(), problem);
        }
    }

    private static SortedMap<String, StoredFile> readFiles(JsonNode node) {
        if (!node.isObject()) {
            throw new IllegalArgumentException("files: expected an object, found " + StrictJson.kindOf(node));
        }
        SortedMap<String, StoredFile> files = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            JsonNode file = entry.getValue();
            if (!file.propertyStream().allMatch(property -> FILE_KEYS.contains(property.getKey()))
                    || !file.path("bytes").isIntegralNumber()
                    || !file.path("bytes").canConvertToLong()) {
                throw new IllegalArgumentException(
                        "files: '%s': expected bytes, sha256 and crc32c".formatted(entry.getKey()));
            }
            String crc32c = file.has("crc32c") ? textOf(file, "crc32c") : null;
            files.put(entry.getKey(), new StoredFile(file.get("bytes").longValue(), textOf(file, "sha256"), crc32c));
        }
        return files;
    }

    private static String textOf(JsonNode node, String key) {
        if (!node.path(key).isTextual()) {
            throw new IllegalArgumentException(
                    "%s: expected a string, found %s".formatted(key, StrictJson.kindOf(node.get(key))));
        }
        return node.get(key).textValue();
    }
}
