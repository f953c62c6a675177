package io.github.corymb.metric;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;

/// GAUC: how well each user's own rows are ordered, which is what a ranking list shows.
///
///     GAUC = Σ_u n_u AUC_u / Σ_u n_u
///
/// over the users that have both a positive and a negative row; all others have no AUC and are skipped, so always read
/// it beside the share skipped ([#result(Scored)]). n_u is the number of the user's rows unless another
/// [GroupWeighting] is asked for; published figures differ in it, and compare only within one weighting. Empty where
/// rows have no groups, and where every user is skipped. O(n log n).
///
/// Zhu et al., "Optimized Cost per Click in Taobao Display Advertising", KDD 2017; Zhou et al., "Deep Interest Network
/// for Click-Through Rate Prediction", KDD 2018, section 6.
public record GroupedAuc(GroupWeighting weighting) implements Metric {

    /// GAUC and what it says nothing about.
    ///
    /// @param value the GAUC; empty where no user has both classes
    /// @param usedUserCount users with both classes
    /// @param skippedUserCount users with one class only
    /// @param skippedUserShare skipped users / all users; 0 where there are none
    /// @param skippedRowShare weight of the skipped users' rows / weight of all rows; 0 where there are none
    public record Result(
            OptionalDouble value,
            int usedUserCount,
            int skippedUserCount,
            double skippedUserShare,
            double skippedRowShare) {}

    public GroupedAuc() {
        this(GroupWeighting.IMPRESSIONS);
    }

    @Override
    public String name() {
        return weighting == GroupWeighting.IMPRESSIONS
                ? "gauc"
                : "gauc_" + weighting.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Set<TaskKind> kinds() {
        return Set.of(TaskKind.BINARY);
    }

    @Override
    public Goal goal() {
        return Goal.HIGHER;
    }

    @Override
    public double valueOrNaN(Scored scored) {
        return result(scored).value().orElse(Double.NaN);
    }

    /// GAUC with the number of users that it skips.
    public Result result(Scored scored) {
        if (!scored.isGrouped()) {
            return new Result(OptionalDouble.empty(), 0, 0, 0, 0);
        }
        int[] rows = scored.index().byUserAndScore(); // [n]
        int[] starts = scored.index().userStarts(); // [U + 1]
        double weightedAucs = 0; // Σ n_u AUC_u
        double weights = 0; // Σ n_u
        int usedUsers = 0;
        int skippedUsers = 0;
        double usedRows = 0;
        double skippedRows = 0;
        for (int user = 0; user + 1 < starts.length; user++) {
            int from = starts[user];
            int to = starts[user + 1];
            double impressions = impressions(scored, rows, from, to);
            double auc = Auc.over(scored, rows, from, to);
            if (Double.isFinite(auc)) {
                double weight = switch (weighting) {
                    case IMPRESSIONS -> impressions;
                    case CLICKS -> clicks(scored, rows, from, to);
                    case EQUAL -> impressions / presentRows(scored, rows, from, to);
                };
                weightedAucs += weight * auc;
                weights += weight;
                usedUsers++;
                usedRows += impressions;
            } else if (impressions > 0) {
                skippedUsers++;
                skippedRows += impressions;
            }
        }
        return new Result(
                usedUsers == 0 ? OptionalDouble.empty() : OptionalDouble.of(weightedAucs / weights),
                usedUsers,
                skippedUsers,
                skippedUsers == 0 ? 0 : (double) skippedUsers / (usedUsers + skippedUsers),
                skippedUsers == 0 ? 0 : skippedRows / (usedRows + skippedRows));
    }

    private static double impressions(Scored scored, int[] rows, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += scored.weight(rows[i]);
        }
        return sum;
    }

    private static double clicks(Scored scored, int[] rows, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += scored.label(rows[i]) * scored.weight(rows[i]);
        }
        return sum;
    }

    private static int presentRows(Scored scored, int[] rows, int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            count += scored.weight(rows[i]) > 0 ? 1 : 0;
        }
        return count;
    }
}
