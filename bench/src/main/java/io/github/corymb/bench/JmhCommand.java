package io.github.corymb.bench;

import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/// `corymb bench jmh`: the hot paths one by one, each in a JVM of its own, by JMH. Whatever else stands on the command
/// line is JMH's own: a pattern of benchmarks, `-p optimizer=adam`, `-f 3`, `-l` for a list.
@Command(
        name = JmhCommand.NAME,
        description = {
            JmhCommand.PURPOSE + ".",
            "What else is given goes to JMH: a pattern of names, -p parameter=value, -wi, -i, -f, -l; -h tells of them."
        })
final class JmhCommand implements Callable<Integer> {

    static final String NAME = "jmh";
    static final String PURPOSE = "hot paths one by one, by JMH";

    @SuppressWarnings("UnusedVariable") // it is picocli that reads it
    @Option(names = "--help", usageHelp = true, description = "Shows this.")
    private boolean help;

    @Unmatched
    private List<String> arguments = new ArrayList<>();

    private final Bench bench;

    JmhCommand(Bench bench) {
        this.bench = bench;
    }

    @Override
    public Integer call() throws Exception {
        List<String> before = bench.beforeSubcommand();
        if (!before.isEmpty()) {
            throw new InputException("bench jmh: expected nothing before it but --out, found " + before);
        }
        CommandLineOptions options = parse(arguments);
        if (options.shouldHelp()) {
            options.showHelp();
            return 0;
        }
        Runner runner = new Runner(
                new OptionsBuilder().parent(options).shouldFailOnError(true).build());
        if (options.shouldList()) {
            runner.list();
            return 0;
        }
        bench.makeOut();
        measure(runner);
        return 0;
    }

    private void measure(Runner runner) throws IOException {
        try {
            Collection<RunResult> results = runner.run();
            if (results.isEmpty()) {
                throw new InputException("bench jmh: expected a benchmark that can be measured, found none");
            }
            bench.write(JmhFigures.of(results), List.of());
        } catch (NoBenchmarksException none) {
            throw new InputException("bench jmh: no benchmark fits the pattern; -l lists them", none);
        } catch (RunnerException refused) {
            throw new InputException("bench jmh: " + refused.getMessage().strip(), refused);
        }
    }

    private static CommandLineOptions parse(List<String> arguments) {
        try {
            return new CommandLineOptions(arguments.toArray(String[]::new));
        } catch (CommandLineOptionException mistake) {
            throw new InputException("bench jmh: " + mistake.getMessage(), mistake);
        }
    }
}
