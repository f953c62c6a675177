package io.github.corymb.bench;

/// What one contender reached over all rounds.
///
/// @param suite that measured it
/// @param comparison among whose contenders it stands
/// @param contender who reached it
/// @param unit of the numbers, such as `rows/s`
/// @param median of the rounds
/// @param low the least round
/// @param high the greatest round
/// @param ratio the median by that of the first contender, 1 for that one
/// @param load processes that wanted to run when the comparison was over, on average over a minute; null where the
///     system does not tell
record Figure(
        String suite,
        String comparison,
        String contender,
        String unit,
        double median,
        double low,
        double high,
        double ratio,
        Double load) {}
