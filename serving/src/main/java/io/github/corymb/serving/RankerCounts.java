package io.github.corymb.serving;

/// What a ranker has met since it was opened; never decreases.
///
/// @param requestCount answered
/// @param itemCount ranked
/// @param unknownKeyCount lookups of keys that no table has a row for; they took the default row
/// @param unknownColumnCount columns given that no feature reads; they were ignored
/// @param missingColumnCount columns that a feature reads and that were not given; they were NULL
/// @param swapCount bundles that took the place of another
public record RankerCounts(
        long requestCount,
        long itemCount,
        long unknownKeyCount,
        long unknownColumnCount,
        long missingColumnCount,
        long swapCount) {}
