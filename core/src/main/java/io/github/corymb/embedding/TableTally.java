package io.github.corymb.embedding;

/// What has happened to the rows of a table since it began.
///
/// @param lookupCount lookups of keys in training, each key once a step
/// @param refusedCount those of them that admission gave no row
/// @param expiredCount rows given up because they had expired
/// @param trimmedCount rows given up to keep the table to its size
public record TableTally(long lookupCount, long refusedCount, long expiredCount, long trimmedCount) {

    /// Share of the lookups in training that found or got a row of their own; 1 where there was none.
    public double admittedShare() {
        return lookupCount == 0 ? 1 : 1 - refusedCount / (double) lookupCount;
    }

    public long evictedCount() {
        return expiredCount + trimmedCount;
    }
}
