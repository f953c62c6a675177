package io.github.corymb.metric;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/// One row of a task, as the brute-force oracles like it. The arbitrary rows are few, tie often, and weigh 0 at times.
record ScoredRow(List<Double> predictions, double label, double weight, long group) {

    static final int CLASS_COUNT = 4;

    double prediction() {
        return predictions.getFirst();
    }

    ScoredRow withWeight(double other) {
        return new ScoredRow(predictions, label, other, group);
    }

    static Arbitrary<List<ScoredRow>> rows(TaskKind kind) {
        Arbitrary<Double> eighths = Arbitraries.integers().between(0, 8).map(i -> i / 8.0);
        Arbitrary<Double> numbers = Arbitraries.integers().between(-6, 6).map(i -> i * 0.7);
        Arbitrary<Double> predictions = kind == TaskKind.REGRESSION ? numbers : eighths;
        Arbitrary<Double> labels = switch (kind) {
            case BINARY -> Arbitraries.of(0.0, 1.0);
            case REGRESSION -> numbers;
            case MULTICLASS -> Arbitraries.of(0.0, 1.0, 3.0); // class 2 may be predicted, and never occurs
        };
        int width = kind == TaskKind.MULTICLASS ? CLASS_COUNT : 1;
        return Combinators.combine(
                        predictions.list().ofSize(width),
                        labels,
                        Arbitraries.of(0.0, 1.0, 2.0, 3.0),
                        Arbitraries.longs().between(-2, 2).map(u -> u * 3_000_000_000L)) // beyond 32 bits
                .as(ScoredRow::new)
                .list()
                .ofMaxSize(40);
    }

    static Scored weighted(TaskKind kind, List<ScoredRow> rows) {
        return scored(kind, rows, rows.stream().mapToDouble(ScoredRow::weight).toArray());
    }

    static Scored unweighted(TaskKind kind, List<ScoredRow> rows) {
        return scored(kind, rows, null);
    }

    private static Scored scored(TaskKind kind, List<ScoredRow> rows, double[] weights) {
        double[] predictions = rows.stream()
                .flatMap(row -> row.predictions.stream())
                .mapToDouble(Double::doubleValue)
                .toArray();
        double[] labels = rows.stream().mapToDouble(ScoredRow::label).toArray();
        long[] groups = rows.stream().mapToLong(ScoredRow::group).toArray();
        return switch (kind) {
            case BINARY -> Scored.binary(predictions, labels, weights, groups);
            case REGRESSION -> Scored.regression(predictions, labels, weights, groups);
            case MULTICLASS -> Scored.multiclass(CLASS_COUNT, predictions, labels, weights, groups);
        };
    }

    /// The rows, each as often as its weight says, with weight 1.
    static List<ScoredRow> repeated(List<ScoredRow> rows) {
        return rows.stream()
                .flatMap(row -> Arrays.stream(new int[(int) row.weight]).mapToObj(_ -> row.withWeight(1)))
                .toList();
    }
}
