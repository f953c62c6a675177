package io.github.corymb.data;

import java.util.List;

/// What is read of a source for a model that exists.
///
/// @param split whether the rows are divided as [DataSpec#split()] says; otherwise all are [Split#TEST]
/// @param labels whether labels are read; otherwise no row carries one, and the source need not have their columns
/// @param texts columns that an evaluation is broken down by
/// @param kept columns that a [PredictionWriter] writes again; their rows stay in the database. Null where none writes
public record Reading(boolean split, boolean labels, List<String> texts, List<String> kept) {

    public Reading {
        texts = List.copyOf(texts);
        kept = kept == null ? null : List.copyOf(kept);
    }

    /// The rows that were split in training, with their labels.
    public static Reading ofSplit(List<String> texts) {
        return new Reading(true, true, texts, null);
    }

    /// All rows of a source, with their labels.
    public static Reading ofAll(List<String> texts) {
        return new Reading(false, true, texts, null);
    }

    /// All rows of a source without labels, to predict them.
    public static Reading toPredict(List<String> kept) {
        return new Reading(false, false, List.of(), kept);
    }
}
