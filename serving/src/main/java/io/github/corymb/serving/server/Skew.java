package io.github.corymb.serving.server;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.corymb.bundle.BundleReader.Verification;
import io.github.corymb.bundle.ServingBundle;
import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.InputException;
import io.github.corymb.serving.RankQuestion;
import io.github.corymb.serving.Ranker;
import io.github.corymb.serving.RankerOptions;
import io.github.corymb.serving.Ranking;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a server answered, against what its bundle answers to the same requests now; and what requests lack, against
/// the training rows. Requests of other bundles are counted and left out.
///
/// @param bundle the digest of the bundle
/// @param requestCount requests that were recomputed
/// @param otherCount requests that other bundles answered
/// @param tornFileCount files whose end was torn, as a process that is killed leaves it
/// @param tasks in the order in which the log names them
/// @param features in the order of the bundle
@JsonNaming(SnakeCaseStrategy.class)
public record Skew(
        String bundle,
        long requestCount,
        long otherCount,
        int tornFileCount,
        List<TaskSkew> tasks,
        List<FeatureSkew> features) {

    /// How far two predictions may be apart, relative where they are beyond 1.
    public static final double TOLERANCE = 1e-5;

    /// @param predictionCount compared
    /// @param beyondCount of them, further apart than [#TOLERANCE]
    /// @param largestDifference |logged - recomputed|
    /// @param meanDifference of the same
    @JsonNaming(SnakeCaseStrategy.class)
    public record TaskSkew(
            String task, long predictionCount, long beyondCount, double largestDifference, double meanDifference) {}

    /// @param rowCount users or items
    /// @param missingShare of them, without a value
    /// @param trainingMissingShare the same of the training rows; null where the bundle does not know
    /// @param unknownShare of the keys that are looked up, those that no table has a row for; null where none is
    @JsonNaming(SnakeCaseStrategy.class)
    public record FeatureSkew(
            String feature, long rowCount, double missingShare, Double trainingMissingShare, Double unknownShare) {}

    /// Reads a log and recomputes it.
    ///
    /// @param log a folder that a server wrote to, or one of its files
    /// @throws InputException where one of them is not what it should be, or the bundle answered nothing of the log
    public static Skew of(Path log, Path bundle) {
        try (Ranker ranker = Ranker.open(bundle, RankerOptions.STANDARD);
                ServingBundle opened = ServingBundle.open(bundle, Verification.ALL_BUT_TABLES)) {
            FeatureCoverage coverage = new FeatureCoverage(opened);
            Comparison comparison = new Comparison(ranker, coverage);
            int tornCount = FeatureLogLines.read(log, comparison::take);
            if (comparison.requestCount == 0) {
                throw new InputException("%s: expected requests that bundle %s answered, found %d of others"
                        .formatted(log, ranker.bundle().name(), comparison.otherCount));
            }
            return new Skew(
                    ranker.bundle().digest(),
                    comparison.requestCount,
                    comparison.otherCount,
                    tornCount,
                    comparison.tasks.entrySet().stream()
                            .map(task -> task.getValue().of(task.getKey()))
                            .toList(),
                    coverage.features());
        }
    }

    /// Whether all predictions agree.
    public boolean agrees() {
        return tasks.stream().allMatch(task -> task.beyondCount() == 0);
    }

    private static final class Comparison {

        private final Ranker ranker;
        private final FeatureCoverage coverage;
        private final boolean columnNamedId;
        private final Map<String, Differences> tasks = new LinkedHashMap<>();
        private long requestCount;
        private long otherCount;

        Comparison(Ranker ranker, FeatureCoverage coverage) {
            this.ranker = ranker;
            this.coverage = coverage;
            FeatureSchema schema = ranker.schema();
            columnNamedId = schema.columns().contains("id");
        }

        void take(String line) {
            LoggedRequest logged = LoggedRequest.parse(line, columnNamedId);
            if (!logged.bundle().equals(ranker.bundle().digest())) {
                otherCount++;
                return;
            }
            requestCount++;
            RankQuestion question =
                    RankQuestion.ALL.forTasks(logged.tasks().keySet().toArray(String[]::new));
            Ranking now = logged.context() == null
                    ? ranker.score(logged.items(), question)
                    : ranker.rank(logged.context(), logged.items(), question);
            coverage.add(logged.context() == null ? logged.items() : logged.context(), logged.items());
            logged.tasks()
                    .forEach((task, values) ->
                            tasks.computeIfAbsent(task, _ -> new Differences()).add(task, values, now.task(task)));
        }
    }

    private static final class Differences {

        private long count;
        private long beyondCount;
        private double largest;
        private double sum;

        void add(String task, float[] logged, float[] now) {
            if (logged.length != now.length) {
                throw new InputException(
                        "task '%s': expected %d predictions, found %d".formatted(task, now.length, logged.length));
            }
            for (int i = 0; i < now.length; i++) {
                double difference = Math.abs((double) logged[i] - now[i]);
                count++;
                beyondCount += difference <= TOLERANCE * Math.max(1, Math.abs(now[i])) ? 0 : 1; // NaN is beyond
                largest = Math.max(largest, difference);
                sum += difference;
            }
        }

        TaskSkew of(String task) {
            return new TaskSkew(task, count, beyondCount, largest, count == 0 ? 0 : sum / count);
        }
    }
}
