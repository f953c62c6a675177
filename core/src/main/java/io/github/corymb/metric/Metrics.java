package io.github.corymb.metric;

import java.util.List;
import java.util.stream.Stream;

/// The catalogue of metrics: for each kind of task, in the order in which they are printed.
public final class Metrics {

    private static final List<Metric> BINARY = List.of(
            new Auc(),
            new GroupedAuc(),
            new LogLoss(),
            new NormalizedEntropy(),
            new Pcoc(),
            new ExpectedCalibrationError(),
            new Accuracy());
    private static final List<Metric> REGRESSION = List.of(new Rmse(), new Mae(), new RSquared());
    private static final List<Metric> MULTICLASS = List.of(new Accuracy(), new MacroF1(), new LogLoss());

    private Metrics() {}

    public static List<Metric> forBinary() {
        return BINARY;
    }

    public static List<Metric> forRegression() {
        return REGRESSION;
    }

    public static List<Metric> forMulticlass() {
        return MULTICLASS;
    }

    public static List<Metric> forKind(TaskKind kind) {
        return switch (kind) {
            case BINARY -> BINARY;
            case REGRESSION -> REGRESSION;
            case MULTICLASS -> MULTICLASS;
        };
    }

    /// All names, each once.
    public static List<String> names() {
        return all().map(Metric::name).toList();
    }

    /// The metric of this name.
    ///
    /// @throws IllegalArgumentException if there is none; the message lists the names that exist
    public static Metric named(String name) {
        return all().filter(metric -> metric.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "metric: expected one of " + String.join(", ", names()) + ", found '" + name + "'"));
    }

    private static Stream<Metric> all() {
        return Stream.of(BINARY, REGRESSION, MULTICLASS).flatMap(List::stream).distinct();
    }
}
