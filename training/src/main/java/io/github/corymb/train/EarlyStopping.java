package io.github.corymb.train;

/// The `train.early_stopping` of an experiment file: end the training when a metric on the validation rows has not become
/// better for some evaluations in a row, and keep the parameters of the best one.
///
/// @param metric `TASK.METRIC` like `like.auc`, or `mean` of the tasks' main metrics, which is the default
/// @param patience how many evaluations without a better one it waits, at least 1, default 2
/// @param minDelta by how much a better one must be better, at least 0, which is the default
public record EarlyStopping(String metric, Integer patience, Double minDelta) {

    /// The metric that is the mean over the tasks.
    public static final String MEAN = "mean";

    public EarlyStopping {
        metric = metric == null ? MEAN : metric;
        patience = patience == null ? 2 : patience;
        minDelta = minDelta == null ? 0 : minDelta;
        if (patience < 1) {
            throw new IllegalArgumentException("patience: expected at least 1, found " + patience);
        }
        if (!(minDelta >= 0 && minDelta < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("min_delta: expected at least 0, found " + minDelta);
        }
    }
}
