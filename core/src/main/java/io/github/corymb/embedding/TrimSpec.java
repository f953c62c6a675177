package io.github.corymb.embedding;

/// How many rows a table keeps where rows are given up: `trim` of a table in the experiment file.
///
/// @param rows the most that stay, at least 1
/// @param keep which stay, default the most recent
public record TrimSpec(Long rows, Keep keep) {

    /// What makes a row stay.
    public enum Keep {
        /// Those updated last; of equal ones, those updated more often where that is counted.
        RECENT,
        /// Those updated in most steps; of equal ones, those updated last. Costs 4 bytes a row.
        FREQUENT
    }

    public TrimSpec {
        if (rows == null || rows < 1) {
            throw new IllegalArgumentException(
                    "rows: expected at least 1, found " + (rows == null ? "nothing" : rows.toString()));
        }
        keep = keep == null ? Keep.RECENT : keep;
    }
}
