package io.github.corymb.train;

import io.github.corymb.feature.InputException;
import io.github.corymb.metric.DeLong;
import io.github.corymb.metric.Metric;
import io.github.corymb.metric.PairedDifference;
import io.github.corymb.metric.PairedSeeds;
import io.github.corymb.metric.Scored;
import io.github.corymb.metric.UserBootstrap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Paired differences between a baseline and a candidate, task by task and metric by metric.
public final class Comparison {

    /// Where two models were tested on the same rows: AUC without users by DeLong, all else by resampling users.
    private static final Set<String> COMPARED =
            Set.of("auc", "gauc", "log_loss", "rmse", "mae", "accuracy", "macro_f1");

    private Comparison() {}

    /// One difference.
    ///
    /// @param method how its interval was made
    public record Row(String task, Metric metric, String method, PairedDifference difference) {

        /// In words: whether the candidate is better, worse, or not told apart.
        public String verdict() {
            if (!difference.isSignificant()) {
                return "no difference shown";
            }
            return metric.goal().isBetter(difference.candidate(), difference.baseline()) ? "better" : "worse";
        }
    }

    /// Compares two models on the same rows.
    ///
    /// @param seed of the resampling
    /// @throws InputException if the rows are not the same
    public static List<Row> ofRows(Evaluation baseline, Evaluation candidate, long seed) {
        List<Row> rows = new ArrayList<>();
        for (Evaluation.TaskScores scores : baseline.tasks()) {
            String task = scores.task().name();
            Optional<Evaluation.TaskScores> other = candidate.tasks().stream()
                    .filter(each -> each.task().name().equals(task)
                            && each.scored().kind() == scores.scored().kind())
                    .findFirst();
            if (other.isPresent()) {
                addRows(rows, task, scores, other.get(), seed);
            }
        }
        if (rows.isEmpty()) {
            throw new InputException("compare: expected runs with a task in common, found none");
        }
        return rows;
    }

    private static void addRows(
            List<Row> rows, String task, Evaluation.TaskScores baseline, Evaluation.TaskScores candidate, long seed) {
        for (Metric metric : Evaluation.metricsOf(baseline.task())) {
            if (COMPARED.contains(metric.name())) {
                boolean byDeLong = metric.name().equals("auc") && isPlain(baseline.scored());
                try {
                    Optional<PairedDifference> difference = byDeLong
                            ? DeLong.compare(baseline.scored(), candidate.scored())
                            : new UserBootstrap(seed).compare(metric, baseline.scored(), candidate.scored());
                    difference.ifPresent(
                            found -> rows.add(new Row(task, metric, method(byDeLong, baseline.scored()), found)));
                } catch (IllegalArgumentException mismatch) {
                    throw new InputException(
                            "compare: expected runs tested on the same rows with the same labels of task '%s'"
                                    .formatted(task),
                            mismatch);
                }
            }
        }
    }

    private static boolean isPlain(Scored scored) {
        return !scored.isGrouped() && !scored.isWeighted();
    }

    private static String method(boolean byDeLong, Scored scored) {
        return byDeLong ? "DeLong" : scored.isGrouped() ? "bootstrap of users" : "bootstrap of rows";
    }

    /// Compares two experiments that were each trained with several seeds, over the seeds that both have.
    ///
    /// @throws InputException if there are fewer than two of those
    public static List<Row> ofSeeds(List<RunMetrics> baseline, List<RunMetrics> candidate) {
        Map<Long, RunMetrics> first = bySeed(baseline);
        Map<Long, RunMetrics> second = bySeed(candidate);
        List<Long> seeds = first.keySet().stream().filter(second::containsKey).toList();
        if (seeds.size() < 2) {
            throw new InputException("compare: expected at least 2 seeds that %s and %s have in common, found %d"
                    .formatted(baseline.getFirst().name(), candidate.getFirst().name(), seeds.size()));
        }
        List<Row> rows = new ArrayList<>();
        RunMetrics any = first.get(seeds.getFirst());
        any.tasks().keySet().forEach(task -> {
            for (Metric metric : any.metricsOf(task)) {
                if (COMPARED.contains(metric.name())) {
                    double[] before = values(first, seeds, task, metric);
                    double[] after = values(second, seeds, task, metric);
                    if (before.length == seeds.size() && after.length == seeds.size()) {
                        PairedSeeds.compare(before, after)
                                .ifPresent(found -> rows.add(
                                        new Row(task, metric, "t over %d seeds".formatted(seeds.size()), found)));
                    }
                }
            }
        });
        return rows;
    }

    private static Map<Long, RunMetrics> bySeed(List<RunMetrics> runs) {
        Map<Long, RunMetrics> bySeed = new TreeMap<>();
        runs.forEach(run -> bySeed.put(run.seed(), run));
        return bySeed;
    }

    private static double[] values(Map<Long, RunMetrics> runs, List<Long> seeds, String task, Metric metric) {
        return seeds.stream()
                .map(seed -> runs.get(seed).value(task, "test", metric.name()))
                .filter(Optional::isPresent)
                .mapToDouble(Optional::get)
                .toArray();
    }

    /// Whether runs are to be compared over seeds: some experiment among them was trained with several.
    public static boolean isOverSeeds(List<RunMetrics> runs) {
        return new HashSet<>(runs.stream().map(RunMetrics::name).toList()).size() < runs.size();
    }
}
