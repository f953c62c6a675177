package io.github.corymb.feature;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/// What the training rows say about one numeric feature; all zero where every row is NULL.
///
/// @param rowCount how many rows were seen
/// @param missingCount how many of them were NULL
/// @param mean of the values; with [Scaling#LOG], of their logarithms
/// @param standardDeviation of the same, √(Σ(x − mean)² / n)
/// @param minimum of the values
/// @param maximum of the values
/// @param boundaries with [Scaling#QUANTILE], where each bucket but the first begins, ascending; else empty
@JsonNaming(SnakeCaseStrategy.class)
public record FeatureStatistics(
        long rowCount,
        long missingCount,
        double mean,
        double standardDeviation,
        double minimum,
        double maximum,
        List<Double> boundaries) {

    public FeatureStatistics {
        boundaries = List.copyOf(boundaries);
    }
}
