package io.github.corymb;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.corymb.model.ModelSpec;
import java.util.stream.Collectors;

/// Writes experiments as files with every default filled in and the folder of relative paths absolute: reading
/// one, from anywhere, gives an equal experiment.
public final class ExperimentWriter {

    private ExperimentWriter() {}

    /// The text of an experiment file.
    public static String write(Experiment experiment) {
        return YamlWriter.write(SpecMapper.create().valueToTree(experiment));
    }

    /// A model on one line, with every setting under its key: `mmoe: experts 8, expert [128, 64], …`.
    public static String summary(ModelSpec model) {
        ObjectNode settings = SpecMapper.create().valueToTree(model);
        String type = settings.remove("type").textValue();
        return settings.properties().stream()
                .map(setting -> setting.getKey() + " " + YamlWriter.inline(setting.getValue()))
                .collect(Collectors.joining(", ", type + ": ", ""));
    }
}
