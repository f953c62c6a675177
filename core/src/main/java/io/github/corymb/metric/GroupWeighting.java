package io.github.corymb.metric;

/// How much a user's AUC counts in [GroupedAuc]. A row of weight 0 counts as absent in all of them.
public enum GroupWeighting {
    /// the weight of all rows of the user
    IMPRESSIONS,
    /// the weight of the user's positive rows
    CLICKS,
    /// every user alike; where rows have weights, their mean over the user's rows
    EQUAL
}
