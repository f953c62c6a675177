package io.github.corymb.train;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.corymb.bundle.AtomicFiles;
import io.github.corymb.feature.InputException;
import io.github.corymb.metric.Metric;
import io.github.corymb.metric.Metrics;
import io.github.corymb.metric.TaskKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// `metrics.json`: what a training run came to. A metric that the rows do not define is null; nothing is NaN.
///
/// @param name the experiment's
/// @param seed the experiment's
/// @param version of Corymb
/// @param rows rows of each split
/// @param parameters numbers of trained values
/// @param seconds wall time
/// @param examplesPerSecond training rows per second of training, evaluation left out
/// @param refusedSteps how many steps were left out, since a loss or a gradient was no number
/// @param bestEpoch the epoch whose model was kept, counted from 1
/// @param tasks task → its type and its metrics on validation and test
public record RunMetrics(
        String name,
        long seed,
        String version,
        Map<String, Integer> rows,
        Parameters parameters,
        Seconds seconds,
        double examplesPerSecond,
        long refusedSteps,
        int bestEpoch,
        Map<String, Map<String, Object>> tasks) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    /// @param dense of the network
    /// @param embedding of the tables: rows times their width
    public record Parameters(long dense, long embedding) {}

    /// @param data reading and encoding
    /// @param train training and evaluating
    /// @param waiting of these, those in which a step waited for data
    public record Seconds(double data, double train, double waiting) {}

    /// The metrics that apply to a task, in the order to print.
    public List<Metric> metricsOf(String task) {
        String type = tasks.get(task).get("type").toString();
        return Metrics.forKind(TaskKind.valueOf(type.toUpperCase(Locale.ROOT)));
    }

    /// The metrics of a task on a split, by name; null where the rows do not define one; empty without such a task or
    /// split.
    public Map<String, Double> metrics(String task, String split) {
        Map<String, Double> values = new LinkedHashMap<>();
        if (tasks.getOrDefault(task, Map.of()).get(split) instanceof Map<?, ?> metrics) {
            metrics.forEach((name, value) ->
                    values.put(name.toString(), value instanceof Number number ? number.doubleValue() : null));
        }
        return values;
    }

    /// One metric; empty where it is not defined.
    public Optional<Double> value(String task, String split, String metric) {
        return Optional.ofNullable(metrics(task, split).get(metric));
    }

    public void write(Path file) throws IOException {
        AtomicFiles.write(file, JSON.writeValueAsString(this) + "\n");
    }

    /// @throws InputException if the file is not there, or is not of this kind
    public static RunMetrics read(Path file) {
        try {
            return JSON.readValue(file.toFile(), RunMetrics.class);
        } catch (IOException problem) {
            throw new InputException(
                    "%s: expected the metrics of a run: %s".formatted(file, firstLine(problem)), problem);
        }
    }

    private static String firstLine(IOException problem) {
        return problem.getMessage().lines().findFirst().orElse("unreadable");
    }
}
