package io.github.corymb.bench;

import io.github.corymb.feature.InputException;
import io.github.corymb.feature.NearestName;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/// `corymb bench`: measures Corymb beside the limits of the machine, and beside PyTorch where a Python is named that
/// has it. Exit status 0, or 1 for a mistake of the user's, with one line on standard error.
@Command(
        name = "corymb bench",
        description = "Measures Corymb beside the machine's limits and beside PyTorch, in one run.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  corymb bench --list",
            "  corymb bench start",
            "  corymb bench epoch --python .venv/bin/python --out bench-results",
            "  corymb bench jmh 'TableBenchmark.gatherAndUpdate' -p optimizer=adam --out bench-results"
        })
public final class Bench implements Callable<Integer> {

    private static final int ROUNDS = 5;

    @Parameters(paramLabel = "SUITE", description = "What to measure (default: all).")
    private List<String> names = new ArrayList<>();

    @Option(names = "--list", description = "Lists the suites.")
    private boolean list;

    @Option(
            names = "--python",
            paramLabel = "FILE",
            description = "A Python with what bench/peers/requirements.txt names; without it no peer runs.")
    private Path python;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds that count (default: " + ROUNDS + ").")
    private Integer rounds; // null for the default

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where bench.json and bench.md go.",
            scope = ScopeType.INHERIT)
    private Path out;

    private final List<Suite> suites;
    private final Path project;
    private final PrintWriter console;
    private final String command;

    private Bench(List<Suite> suites, Path project, PrintWriter console, String command) {
        this.suites = suites;
        this.project = project;
        this.console = console;
        this.command = command;
    }

    public static void main(String[] arguments) {
        System.exit(start(Path.of(""), arguments));
    }

    private static int start(Path project, String... arguments) {
        try {
            return run(suites(project), project, System.out, System.err, arguments);
        } catch (InputException mistake) { // in a property that a suite reads
            System.err.println("corymb: " + mistake.getMessage());
            return 1;
        }
    }

    private static List<Suite> suites(Path project) {
        RankCase movielens = RankCase.movielens(project, 1);
        List<RankCase> ranked = List.of(movielens, RankCase.wide(20_000, 5_000));
        return List.of(
                new StartSuite(project),
                new StepSuite(StepSuite.Size.STANDARD),
                new EpochSuite(EpochSuite.baselines(project)),
                GraphSuite.standard(),
                new TableSuite(TableSuite.standardSize()),
                new CapacitySuite(CapacitySuite.Size.STANDARD, project),
                new MemorySuite(project.resolve("bench/memory.yaml"), MemorySuite.STANDARD_STEPS),
                new RankingSuite(ranked, List.of(200, 500), 5),
                new ServingSuite(project, ranked, ServingSuite.Size.STANDARD),
                new ReadySuite(project, RankCase.largeTable(1_000_000, 256), 3),
                new SmallSuite(project, ranked, List.of(1, 5, 10), 16, 5),
                new SoakSuite(
                        project,
                        List.of(movielens, RankCase.movielens(project, 2)),
                        5,
                        5,
                        SoakSuite.standardSeconds()));
    }

    /// Runs one command and returns its exit status.
    ///
    /// @param project the folder of the repository
    static int run(List<Suite> suites, Path project, PrintStream out, PrintStream err, String... arguments) {
        PrintWriter console = new PrintWriter(out, true, StandardCharsets.UTF_8);
        String command = String.join(" ", "./corymb bench", String.join(" ", arguments));
        Bench bench = new Bench(suites, project, console, command.strip());
        return new CommandLine(bench)
                .addSubcommand("jmh", new JmhCommand(bench))
                .setOut(console)
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler(Bench::explainUsage)
                .setExecutionExceptionHandler((failure, line, _) -> explain(failure, line))
                .execute(arguments);
    }

    private static int explainUsage(ParameterException mistake, String[] arguments) {
        CommandLine line = mistake.getCommandLine();
        line.getErr()
                .printf(
                        "corymb: %s; see '%s --help'%n",
                        mistake.getMessage(), line.getCommandSpec().qualifiedName());
        return 1;
    }

    private static int explain(Exception failure, CommandLine line) throws Exception {
        if (!(failure instanceof InputException)) {
            throw failure;
        }
        line.getErr().println("corymb: " + failure.getMessage());
        return 1;
    }

    @Override
    public Integer call() throws Exception {
        if (list) {
            suites.forEach(suite -> console.printf("%-10s %s%n", suite.name(), suite.purpose()));
            console.printf("%-10s %s%n", JmhCommand.NAME, JmhCommand.PURPOSE);
            return 0;
        }
        if (rounds != null && rounds < 1) {
            throw new InputException("--rounds: expected at least 1, found " + rounds);
        }
        if (python != null && !Files.isExecutable(python)) {
            throw new InputException("--python: expected an interpreter, found no program " + python);
        }
        List<Suite> chosen = chosen();
        makeOut();
        Session session =
                new Session(console, rounds == null ? ROUNDS : rounds, python, project.resolve("bench/peers"));
        try {
            for (Suite suite : chosen) {
                session.begin(suite);
                suite.run(session);
            }
        } finally { // what the suites before a failure found stays
            write(session.figures(), session.notes());
        }
        return 0;
    }

    /// What stands before a subcommand on the command line, and means nothing to it.
    List<String> beforeSubcommand() {
        List<String> found = new ArrayList<>(names);
        if (list) {
            found.add("--list");
        }
        if (python != null) {
            found.add("--python");
        }
        if (rounds != null) {
            found.add("--rounds");
        }
        return found;
    }

    /// Makes the folder of the reports, before anything is measured for them.
    void makeOut() throws IOException {
        if (out != null) {
            try {
                Files.createDirectories(out);
                Files.delete(Files.createTempFile(out, "bench", ".probe"));
            } catch (FileSystemException refused) {
                throw new InputException("--out: expected a folder that can be written, found " + out, refused);
            }
        }
    }

    /// Writes the reports where they are asked for.
    void write(List<Figure> figures, List<Session.Note> notes) throws IOException {
        if (out == null) {
            return;
        }
        String date = LocalDate.now(ZoneOffset.UTC).toString();
        new BenchReport(BenchReport.FORMAT_VERSION, command, date, Machine.here(), figures, notes).write(out);
        console.printf("%nwritten: %s%n", out.resolve("bench.md"));
    }

    private List<Suite> chosen() {
        List<String> known = Stream.concat(suites.stream().map(Suite::name), Stream.of(JmhCommand.NAME))
                .toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new InputException("bench: expected one of %s, found '%s'%s"
                        .formatted(String.join(", ", known), name, NearestName.hint(name, known)));
            }
        }
        return suites.stream()
                .filter(suite -> names.isEmpty() || names.contains(suite.name()))
                .toList();
    }
}
