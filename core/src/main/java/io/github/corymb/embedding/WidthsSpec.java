package io.github.corymb.embedding;

/// Rows as wide as their keys are frequent: `widths` of a table in the experiment file. A key holds the first d of its
/// D weights, with the optimizer's state of those, and all D from the step on that sees it for the `threshold`-th time.
/// What a key lacks counts as zero, takes no gradient, and begins at zero, so that no score jumps when it comes.
///
///     z_j(key) = w_j(key)                                         j < d
///     z_j(key) = w_j(key) if seen in `threshold` steps, else 0    d ≤ j < D
///
/// Ginart, Naumov, Mudigere, Yang, Zou: Mixed Dimension Embeddings with Application to Memory-Efficient Recommendation
/// Systems, arXiv:1909.11810.
///
/// Differs from the paper: there are two widths; keys are counted while the table learns and go from one to the other;
/// and there is no projection d → D, since rows that grow in place need their first d columns to mean the same before
/// and after.
///
/// The further D - d columns are a table of their own, with the name of [#further(String)], to which keys are admitted.
/// So state that is one a row, of `row_wise_adagrad` and `row_wise_adam`, and the bound of `row_clip` are one for the
/// first d columns and one for the others.
///
/// @param narrow d, at least 1 and below the table's dimension
/// @param threshold steps that must have seen a key, counted exactly since it has its row, at least 2
public record WidthsSpec(Integer narrow, Integer threshold) {

    private static final String FURTHER = ".wide";

    public WidthsSpec {
        if (narrow == null || narrow < 1) {
            throw new IllegalArgumentException(
                    "narrow: expected at least 1, found " + (narrow == null ? "nothing" : narrow.toString()));
        }
        threshold = Knob.whole("threshold", threshold, 100, 2, Integer.MAX_VALUE);
    }

    /// @throws IllegalArgumentException if d is not below D
    public void check(String table, int dimension) {
        if (narrow >= dimension) {
            throw new IllegalArgumentException(
                    "tables.%s.widths.narrow: expected less than the table's dimension of %d, found %d"
                            .formatted(table, dimension, narrow));
        }
    }

    /// The name of the table that holds the further columns of a table.
    static String further(String table) {
        return table + FURTHER;
    }

    /// The table whose further columns one of this name would hold, or null where it is no such name.
    static String first(String table) {
        return table.endsWith(FURTHER) ? table.substring(0, table.length() - FURTHER.length()) : null;
    }
}
