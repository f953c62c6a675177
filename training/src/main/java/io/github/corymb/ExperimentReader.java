package io.github.corymb;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Reads experiment files. Whatever is wrong with one is an [InputException] of one line: file, line and column (or the
/// `--set` that brought it in), path of the key, expected, found.
public final class ExperimentReader {

    private static final long FILE_SIZE_LIMIT = 4L << 20;

    private ExperimentReader() {}

    /// Reads a file as it is.
    public static Experiment read(Path file) {
        return read(file, List.of());
    }

    /// Reads a file, and changes it by each `path=value` in turn before anything is checked. Values are YAML; mappings
    /// on the way are made; list elements are addressed by index (`model.expert.0=64`, one past the end adds one); null
    /// or no value takes the key away.
    public static Experiment read(Path file, List<String> assignments) {
        Path base = file.toAbsolutePath().getParent();
        return parse(textOf(file), file.toString(), base, assignments);
    }

    /// Reads the text of an experiment file.
    ///
    /// @param origin what names the text in messages
    /// @param base what a relative `folder`, and without one the paths in `data`, start from
    public static Experiment parse(String text, String origin, Path base, List<String> assignments) {
        return SpecReader.read(Experiment.class, text, origin, assignments, root -> settle(root, base));
    }

    /// Makes the folder of relative paths absolute, so that the experiment means the same wherever it is written.
    private static void settle(ObjectNode root, Path base) {
        String folder = root.path("folder").isTextual() ? root.get("folder").textValue() : "";
        if (root.path("folder").isMissingNode() || root.path("folder").isNull() || root.path("folder").isTextual()) {
            root.put("folder", base.resolve(folder).toString());
        }
    }

    private static String textOf(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new InputException(file + (Files.exists(file) ? ": expected a file" : ": no such file"));
            }
            if (Files.size(file) > FILE_SIZE_LIMIT) {
                throw new InputException("%s: expected at most %d bytes, found %d"
                        .formatted(file, FILE_SIZE_LIMIT, Files.size(file)));
            }
            byte[] bytes = Files.readAllBytes(file);
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException problem) {
            throw new InputException(file + ": expected UTF-8 text", problem);
        } catch (IOException problem) {
            throw new InputException("%s: cannot be read: %s".formatted(file, problem), problem);
        }
    }
}
