package io.github.corymb.bench;

import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;

/// One run of the benchmarks. Contenders take turns, round by round, so that whatever else the machine does meets all
/// of them alike; what counts are medians and their ratios. A peer that fails is left out with one line, and the rest
/// goes on.
final class Session {

    private final PrintWriter out;
    private final int roundCount;
    private final Path python; // null where no peer is to run
    private final Path scripts;
    private final List<Figure> figures = new ArrayList<>();
    private final List<Note> notes = new ArrayList<>();
    private final Set<String> faults = new HashSet<>(); // of peers, already told
    private String suite = "";

    /// A figure that stands for itself.
    record Note(String suite, String what, String figure) {}

    /// @param roundCount rounds that are counted, after one that is not
    /// @param python the interpreter for peers, which has what `bench/peers/requirements.txt` names; null for none
    /// @param scripts the folder of the peers
    Session(PrintWriter out, int roundCount, Path python, Path scripts) {
        this.out = out;
        this.roundCount = roundCount;
        this.python = python;
        this.scripts = scripts;
    }

    void begin(Suite next) {
        suite = next.name();
        out.printf("%n%s: %s%n", suite, next.purpose());
    }

    /// Whether peers run.
    boolean hasPeers() {
        return python != null;
    }

    /// Starts a script of `bench/peers`; the caller closes it.
    ///
    /// @throws InputException where there is no such script
    Peer peer(String script, String... arguments) throws IOException {
        Path file = scripts.resolve(script);
        if (!Files.isRegularFile(file)) {
            throw new InputException("bench: expected to run in the project's folder, found no " + file);
        }
        return Peer.python(python, file, arguments);
    }

    /// One answer of a peer; empty where it fails, which is told once.
    OptionalDouble ask(Peer peer, String question) throws IOException {
        try {
            return OptionalDouble.of(peer.ask(question));
        } catch (PeerFault fault) {
            leaveOut(fault);
            return OptionalDouble.empty();
        }
    }

    /// Lets the contenders take turns.
    ///
    /// @param what is compared, with its size
    /// @param unit of the rates, of which more is better
    /// @param contenders of whom the first that does not fail is the measure of the others
    /// @return the median of each, NaN for one that failed
    double[] compare(String what, String unit, List<Contender> contenders) throws Exception {
        double[][] rates = new double[contenders.size()][roundCount];
        boolean[] lost = new boolean[rates.length];
        double loadBefore = Machine.load();
        for (int round = -1; round < roundCount; round++) {
            for (int c = 0; c < rates.length; c++) {
                if (!lost[c]) {
                    try {
                        double rate = contenders.get(c).round().run();
                        rates[c][Math.max(0, round)] = rate; // the round before the first is overwritten
                    } catch (PeerFault fault) {
                        lost[c] = true;
                        leaveOut(fault);
                    }
                }
            }
        }
        double loadAfter = Machine.load();
        out.printf("  %s (load %.1f before, %.1f after)%n", what, loadBefore, loadAfter);
        double[] medians = new double[rates.length];
        double measure = Double.NaN;
        for (int c = 0; c < rates.length; c++) {
            medians[c] = lost[c] ? Double.NaN : median(rates[c]);
            measure = Double.isNaN(measure) ? medians[c] : measure;
            if (!lost[c]) {
                add(new Figure(
                        suite,
                        what,
                        contenders.get(c).name(),
                        unit,
                        medians[c],
                        Arrays.stream(rates[c]).min().orElseThrow(),
                        Arrays.stream(rates[c]).max().orElseThrow(),
                        medians[c] / measure,
                        Double.isNaN(loadAfter) ? null : loadAfter));
            }
        }
        return medians;
    }

    private void add(Figure figure) {
        figures.add(figure);
        out.printf(
                Locale.ROOT,
                "    %-40s %15s %s   %.2f ×   (%s to %s)%n",
                figure.contender(),
                rate(figure.median()),
                figure.unit(),
                figure.ratio(),
                rate(figure.low()),
                rate(figure.high()));
    }

    private void leaveOut(PeerFault fault) {
        if (faults.add(fault.getMessage())) {
            note("left out", fault.getMessage());
        }
    }

    /// Leaves a figure that has nobody beside it.
    void note(String what, String figure) {
        notes.add(new Note(suite, what, figure));
        out.printf("    %-40s %s%n", what, figure);
    }

    /// Leaves how much faster one rate is than another, where both are known.
    void noteRatio(String what, double rate, double by) {
        if (!Double.isNaN(rate / by)) {
            note(what, String.format(Locale.ROOT, "%.2f ×", rate / by));
        }
    }

    List<Figure> figures() {
        return List.copyOf(figures);
    }

    List<Note> notes() {
        return List.copyOf(notes);
    }

    /// @param start by [System#nanoTime()]
    static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    /// Three digits that count, thousands apart.
    static String rate(double value) {
        return value >= 100
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, value >= 10 ? "%.1f" : "%.3f", value);
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
