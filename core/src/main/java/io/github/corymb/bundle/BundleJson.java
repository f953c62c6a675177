package io.github.corymb.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.util.Optional;

/// Records of a bundle as JSON, which an unknown key or a wrong value refuses.
public final class BundleJson {

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private BundleJson() {}

    /// Writes a record to the file `path` of a bundle.
    public static void write(BundleWriter bundle, String path, Object record) throws IOException {
        AtomicFiles.write(bundle.file(path), JSON.writeValueAsString(record) + "\n");
    }

    /// Reads `schema.json`.
    ///
    /// @throws InputException where it is not what [BundleSchema] says
    public static BundleSchema readSchema(BundleReader bundle) {
        return read(bundle, BundleLayout.SCHEMA, BundleSchema.class, "fitted features and tasks");
    }

    /// Reads `serving.json`.
    ///
    /// @throws InputException where it is not what [ServingSpec] says
    public static ServingSpec readServing(BundleReader bundle) {
        return read(bundle, BundleLayout.SERVING, ServingSpec.class, "a graph's names and fusions");
    }

    /// Reads `examples.json`, where there is one.
    ///
    /// @throws InputException where it is not what [Examples] says
    public static Optional<Examples> readExamples(BundleReader bundle) {
        Manifest.StoredFile file = bundle.manifest().files().get(BundleLayout.EXAMPLES);
        if (file == null) {
            return Optional.empty();
        }
        if (file.size() > Examples.SIZE_LIMIT) {
            throw new InputException("%s: expected at most %d bytes, found %d"
                    .formatted(bundle.file(BundleLayout.EXAMPLES), Examples.SIZE_LIMIT, file.size()));
        }
        return Optional.of(read(bundle, BundleLayout.EXAMPLES, Examples.class, "rows to try a bundle with"));
    }

    private static <T> T read(BundleReader bundle, String path, Class<T> type, String expected) {
        try {
            return JSON.readValue(bundle.text(path), type);
        } catch (JsonProcessingException problem) {
            throw new InputException(
                    "%s: expected %s: %s".formatted(bundle.file(path), expected, problem.getOriginalMessage()),
                    problem);
        }
    }
}
