package io.github.corymb.serving.server;

import io.github.corymb.bundle.InputSide;
import io.github.corymb.bundle.ServingBundle;
import io.github.corymb.feature.Column;
import io.github.corymb.feature.FeatureStatistics;
import io.github.corymb.feature.Side;
import io.github.corymb.serving.FeatureRows;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Counts how often each feature of a bundle has no value, and how many of the keys it looks up no table has a row for.
/// One thread.
final class FeatureCoverage {

    private static final class Counts {
        private long rowCount;
        private long missingCount;
        private long keyCount;
        private long unknownCount;
    }

    private final ServingBundle bundle;
    private final InputSide.Rows requestRows;
    private final InputSide.Rows itemRows;
    private final Map<String, Counts> counts = new LinkedHashMap<>();

    FeatureCoverage(ServingBundle bundle) {
        this.bundle = bundle;
        requestRows = bundle.request().rows();
        itemRows = bundle.items().rows();
        bundle.schema().features().keySet().forEach(feature -> counts.put(feature, new Counts()));
    }

    /// @param request rows of the user and the context
    /// @param items rows of items
    void add(FeatureRows request, FeatureRows items) {
        Map<String, Column> ofRequest = new HashMap<>(request.columns());
        Map<String, Column> ofItems = new HashMap<>(items.columns());
        bundle.schema().features().forEach((name, feature) -> {
            boolean ofItem = feature.side() == Side.ITEM;
            int rowCount = (ofItem ? items : request).rowCount();
            Column column =
                    (ofItem ? ofItems : ofRequest).computeIfAbsent(feature.columnOr(name), _ -> absent(rowCount));
            Counts of = counts.get(name);
            of.rowCount += rowCount;
            for (int row = 0; row < rowCount; row++) {
                of.missingCount += column.isNull(row) ? 1 : 0;
            }
        });
        add(bundle.request().lookups(ofRequest, request.rowCount(), requestRows));
        add(bundle.items().lookups(ofItems, items.rowCount(), itemRows));
    }

    List<Skew.FeatureSkew> features() {
        return counts.entrySet().stream()
                .map(entry -> {
                    Counts of = entry.getValue();
                    return new Skew.FeatureSkew(
                            entry.getKey(),
                            of.rowCount,
                            share(of.missingCount, of.rowCount),
                            trainingMissingShare(entry.getKey()),
                            of.keyCount == 0 ? null : Double.valueOf(share(of.unknownCount, of.keyCount)));
                })
                .toList();
    }

    private void add(List<InputSide.Lookups> lookups) {
        for (InputSide.Lookups each : lookups) {
            Counts of = counts.get(each.feature());
            of.keyCount += each.keyCount();
            of.unknownCount += each.unknownCount();
        }
    }

    private Double trainingMissingShare(String feature) {
        FeatureStatistics known = bundle.schema().statistics().get(feature);
        return known == null || known.rowCount() == 0 ? null : share(known.missingCount(), known.rowCount());
    }

    private static double share(long count, long of) {
        return of == 0 ? 0 : (double) count / of;
    }

    private static Column absent(int rowCount) {
        boolean[] nulls = new boolean[rowCount];
        Arrays.fill(nulls, true);
        return new Column.Longs(new long[rowCount], nulls);
    }
}
