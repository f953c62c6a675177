package io.github.corymb;

/// Writes experiments as files with every default filled in and the folder of relative paths absolute: reading one, from
/// anywhere, gives an equal experiment.
public final class ExperimentWriter {

    private ExperimentWriter() {}

    /// The text of an experiment file.
    public static String write(Experiment experiment) {
        return YamlWriter.write(SpecMapper.create().valueToTree(experiment));
    }
}
