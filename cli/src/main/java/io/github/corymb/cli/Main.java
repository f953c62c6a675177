package io.github.corymb.cli;

import io.github.corymb.feature.InputException;
import io.github.corymb.train.Version;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The `corymb` command. Exit status 0; 1 for a mistake of the user's, with one line on standard error; 2 for a fault
/// of ours, with the stack trace in the log file; 130 where the user interrupted.
@Command(
        name = "corymb",
        description = "Learns one representation for many recommendation tasks.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.CorymbVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  corymb train examples/movielens/mmoe.yaml",
            "  corymb evaluate runs/movielens-mmoe --by genre",
            "  corymb compare runs/movielens-single-task runs/movielens-mmoe"
        })
public final class Main implements Runnable {

    static final int OK = 0;
    static final int USER_MISTAKE = 1;
    static final int OUR_FAULT = 2;
    static final int INTERRUPTED = 130;

    private static final List<Class<?>> COMMANDS = List.of(
            TrainCommand.class,
            ValidateCommand.class,
            EvaluateCommand.class,
            PredictCommand.class,
            CompareCommand.class,
            InspectCommand.class,
            ExportCommand.class,
            ServeCommand.class,
            SkewCommand.class,
            SchemaCommand.class);

    @Spec
    private CommandLine.Model.CommandSpec spec;

    /// Prints the version of Corymb and of Java.
    static final class CorymbVersion implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "corymb " + Version.current() + " (Java " + Runtime.version().feature() + ")"
            };
        }
    }

    public static void main(String[] arguments) {
        int status;
        try {
            status = run(System.out, System.err, arguments);
        } catch (Error fault) { // such as a native library that cannot be loaded, or memory that cannot be had
            status = explainFault(fault, new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        }
        System.exit(status);
    }

    /// Runs one command and returns its exit status.
    static int run(PrintStream out, PrintStream err, String... arguments) {
        CommandLine line = new CommandLine(new Main());
        commandsFor(arguments).forEach(line::addSubcommand);
        return line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Main::explainUsage)
                .setExecutionExceptionHandler((failure, command, _) -> explain(failure, command))
                .execute(arguments);
    }

    /// The command that the arguments begin with, or all where it is none: reading what commands say of themselves is a
    /// large part of a start, and help on all of them is asked for less often than one.
    private static List<Class<?>> commandsFor(String... arguments) {
        for (Class<?> command : COMMANDS) {
            if (arguments.length > 0
                    && arguments[0].equals(command.getAnnotation(Command.class).name())) {
                return List.of(command);
            }
        }
        return COMMANDS;
    }

    private static int explainUsage(ParameterException mistake, String[] arguments) {
        CommandLine command = mistake.getCommandLine();
        command.getErr()
                .printf(
                        "corymb: %s; see '%s --help'%n",
                        oneLine(mistake.getMessage()), command.getCommandSpec().qualifiedName());
        return USER_MISTAKE;
    }

    private static int explain(Exception failure, CommandLine command) {
        if (failure instanceof InputException) {
            command.getErr().println("corymb: " + oneLine(failure.getMessage()));
            return USER_MISTAKE;
        }
        return explainFault(failure, command.getErr());
    }

    private static int explainFault(Throwable fault, PrintWriter err) {
        LoggerFactory.getLogger(Main.class).error("command failed", fault);
        err.printf("corymb: internal fault: %s; the stack trace is in %s%n", oneLine(fault.toString()), logFile());
        return OUR_FAULT;
    }

    private static Path logFile() {
        String named = System.getenv("CORYMB_LOG");
        return named != null
                ? Path.of(named)
                : Path.of(System.getProperty("user.home"), ".cache", "corymb", "corymb.log");
    }

    private static String oneLine(String message) {
        return String.join(
                " ", String.valueOf(message).lines().map(String::strip).toList());
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "expected a command");
    }
}
