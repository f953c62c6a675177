package io.github.corymb.cli;

import io.github.corymb.ExperimentSchema;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `corymb schema`: the JSON Schema of experiment files, for editors.
@Command(
        name = "schema",
        description = "Prints the JSON Schema of experiment files, for editors.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  corymb schema > experiment.schema.json")
final class SchemaCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(ExperimentSchema.json());
        return Main.OK;
    }
}
