package io.github.corymb.data;

/// What labels a task has in a split.
///
/// @param labelled rows that carry one and have a weight above 0
/// @param positive those of them whose label is above 0; of a binary task, the ones
/// @param weight sum of their weights
public record LabelCount(long labelled, long positive, double weight) {

    static final LabelCount NONE = new LabelCount(0, 0, 0);

    LabelCount plus(float label, float rowWeight) {
        return rowWeight > 0 ? new LabelCount(labelled + 1, positive + (label > 0 ? 1 : 0), weight + rowWeight) : this;
    }
}
