package io.github.corymb.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/// What JMH found, as figures: a comparison a benchmark, a contender a choice of its parameters, and the iterations of
/// all forks as rounds.
final class JmhFigures {

    private JmhFigures() {}

    static List<Figure> of(Collection<RunResult> results) {
        Map<String, Double> measures = new HashMap<>(); // comparison → the first contender's median
        List<Figure> figures = new ArrayList<>();
        for (RunResult run : results) {
            Result<?> result = run.getPrimaryResult();
            double median = result.getStatistics().getPercentile(50);
            String unit = result.getScoreUnit(); // of its mode: figures of one unit compare
            String comparison = simpleName(run.getParams().getBenchmark()) + ", " + unit;
            measures.putIfAbsent(comparison, median);
            figures.add(new Figure(
                    JmhCommand.NAME,
                    comparison,
                    contender(run),
                    unit,
                    median,
                    result.getStatistics().getMin(),
                    result.getStatistics().getMax(),
                    median / measures.get(comparison),
                    null));
        }
        return figures;
    }

    /// `TableBenchmark.gather` of the full name.
    private static String simpleName(String benchmark) {
        int method = benchmark.lastIndexOf('.');
        return benchmark.substring(benchmark.lastIndexOf('.', method - 1) + 1);
    }

    private static String contender(RunResult run) {
        Collection<String> names = run.getParams().getParamsKeys();
        return names.isEmpty()
                ? simpleName(run.getParams().getBenchmark())
                : names.stream()
                        .map(name -> name + "=" + run.getParams().getParam(name))
                        .collect(Collectors.joining(", "));
    }
}
