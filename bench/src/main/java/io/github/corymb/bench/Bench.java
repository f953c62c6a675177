package io.github.corymb.bench;

import io.github.corymb.feature.InputException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `corymb bench`: measures Corymb beside the limits of the machine, and beside PyTorch where a Python is named that
/// has it.
@Command(
        name = "corymb bench",
        description = "Measures Corymb beside the machine's limits and beside PyTorch, in one run.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  corymb bench --list",
            "  corymb bench start",
            "  corymb bench epoch --python .venv/bin/python --out bench-results"
        })
public final class Bench implements Callable<Integer> {

    private static final List<Suite> SUITES =
            List.of(new StartSuite(), new StepSuite(), new EpochSuite(), new TableSuite(), new CapacitySuite());

    @Parameters(paramLabel = "SUITE", description = "What to measure (default: all).")
    private List<String> names = new ArrayList<>();

    @Option(names = "--list", description = "Lists the suites.")
    private boolean list;

    @Option(
            names = "--python",
            paramLabel = "FILE",
            description = "A Python with what bench/peers/requirements.txt names; without it no peer runs.")
    private Path python;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds that count (default: ${DEFAULT-VALUE}).")
    private int rounds = 5;

    @Option(names = "--out", paramLabel = "DIR", description = "Where bench.json and bench.md go.")
    private Path out;

    private final PrintWriter console;
    private final String command;

    private Bench(PrintWriter console, String command) {
        this.console = console;
        this.command = command;
    }

    public static void main(String[] arguments) {
        PrintWriter console = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        Bench bench = new Bench(console, String.join(" ", "./corymb bench", String.join(" ", arguments)));
        CommandLine line = new CommandLine(bench);
        line.setExecutionExceptionHandler((failure, _, _) -> {
            if (!(failure instanceof InputException)) {
                throw failure;
            }
            System.err.println("corymb: " + failure.getMessage());
            return 1;
        });
        System.exit(line.execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        if (list) {
            SUITES.forEach(suite -> console.printf("%-10s %s%n", suite.name(), suite.purpose()));
            return 0;
        }
        if (rounds < 1) {
            throw new InputException("--rounds: expected at least 1, found " + rounds);
        }
        if (python != null && !Files.isExecutable(python)) {
            throw new InputException("--python: expected an interpreter, found no program " + python);
        }
        Session session = new Session(console, rounds, python);
        for (Suite suite : chosen()) {
            session.begin(suite);
            suite.run(session);
        }
        if (out != null) {
            new BenchReport(
                            BenchReport.FORMAT_VERSION,
                            command,
                            LocalDate.now(ZoneOffset.UTC).toString(),
                            Machine.here(),
                            session.figures(),
                            session.notes())
                    .write(out);
            console.printf("%nwritten: %s%n", out.resolve("bench.md"));
        }
        return 0;
    }

    private List<Suite> chosen() {
        List<String> known = SUITES.stream().map(Suite::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new InputException("bench: expected one of %s, found '%s'".formatted(known, name));
            }
        }
        return SUITES.stream()
                .filter(suite -> names.isEmpty() || names.contains(suite.name()))
                .toList();
    }
}
