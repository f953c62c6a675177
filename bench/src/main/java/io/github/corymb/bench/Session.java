package io.github.corymb.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// One run of the benchmarks. Contenders take turns, round by round, so that whatever else the machine does meets all
/// of them alike; what counts are medians and their ratios.
final class Session {

    private final PrintWriter out;
    private final int roundCount;
    private final Path python; // null where no peer is to run
    private final List<Figure> figures = new ArrayList<>();
    private final List<Note> notes = new ArrayList<>();
    private String suite = "";

    /// A figure that stands for itself.
    record Note(String suite, String what, String figure) {}

    /// @param roundCount rounds that are counted, after one that is not
    /// @param python the interpreter for peers, which has what `bench/peers/requirements.txt` names; null for none
    Session(PrintWriter out, int roundCount, Path python) {
        this.out = out;
        this.roundCount = roundCount;
        this.python = python;
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
    PythonPeer peer(String script, String... arguments) throws IOException {
        return PythonPeer.start(python, script, arguments);
    }

    /// Lets the contenders take turns.
    ///
    /// @param what is compared, with its size
    /// @param unit of the rates, of which more is better
    /// @param contenders of whom the first is the measure of the others
    /// @return the median of each
    double[] compare(String what, String unit, List<Contender> contenders) throws Exception {
        double[][] rates = new double[contenders.size()][roundCount];
        double loadBefore = Machine.load();
        for (int round = -1; round < roundCount; round++) {
            for (int c = 0; c < rates.length; c++) {
                double rate = contenders.get(c).round().run();
                if (round >= 0) {
                    rates[c][round] = rate;
                }
            }
        }
        out.printf("  %s (load %.1f before, %.1f after)%n", what, loadBefore, Machine.load());
        double[] medians = Arrays.stream(rates).mapToDouble(Session::median).toArray();
        for (int c = 0; c < rates.length; c++) {
            double low = Arrays.stream(rates[c]).min().orElseThrow();
            double high = Arrays.stream(rates[c]).max().orElseThrow();
            String name = contenders.get(c).name();
            figures.add(new Figure(suite, what, name, unit, medians[c], low, high, medians[c] / medians[0]));
            out.printf(
                    Locale.ROOT,
                    "    %-40s %15s %s   %.2f ×   (%s to %s)%n",
                    name,
                    rate(medians[c]),
                    unit,
                    medians[c] / medians[0],
                    rate(low),
                    rate(high));
        }
        return medians;
    }

    /// Leaves a figure that has nobody beside it.
    void note(String what, String figure) {
        notes.add(new Note(suite, what, figure));
        out.printf("    %-40s %s%n", what, figure);
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

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
