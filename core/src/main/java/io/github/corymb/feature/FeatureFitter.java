package io.github.corymb.feature;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Learns what numeric features are scaled by, from the training rows in order. The same rows, however they are cut
/// into chunks, and the same seed give the same statistics to the last bit. For one thread.
///
/// Quantiles are exact up to a million values; of more, a uniform sample of a million is kept.
public final class FeatureFitter {

    private static final int SAMPLE_SIZE_LIMIT = 1_000_000;

    private final FeatureSchema schema;
    private final List<Entry> entries = new ArrayList<>();

    /// @param seed of the samples; each feature's is its own
    public FeatureFitter(FeatureSchema schema, long seed) {
        this.schema = schema;
        schema.features().forEach((name, feature) -> {
            if (feature instanceof Feature.Numeric numeric) {
                entries.add(new Entry(name, numeric, seed));
            }
        });
    }

    /// Adds the first `rowCount` rows of the columns, each under its name.
    ///
    /// @param firstRow the number of the first row, counted over the whole input from 1, for error messages
    /// @throws InputException for a column that is absent, and a value that is not a finite number
    public void add(Map<String, Column> columns, int rowCount, long firstRow) {
        for (Entry entry : entries) {
            Place place = new Place(entry.subject(), firstRow);
            Column column = place.find(columns, entry.numeric.columnOr(entry.name));
            entry.add(NumberReader.read(column, rowCount, place));
        }
    }

    /// The schema with the statistics of all rows added.
    ///
    /// @throws InputException where numbers are too large to be scaled
    public FeatureSchema finish() {
        Map<String, FeatureStatistics> statistics = new LinkedHashMap<>();
        entries.forEach(entry -> statistics.put(entry.name, entry.finish()));
        return schema.withStatistics(statistics);
    }

    private static final class Entry {

        private final String name;
        private final Feature.Numeric numeric;
        private final Moments moments = new Moments();
        private final QuantileSample sample; // null outside quantile buckets
        private double minimum = Double.POSITIVE_INFINITY;
        private double maximum = Double.NEGATIVE_INFINITY;
        private long rowCount;

        Entry(String name, Feature.Numeric numeric, long seed) {
            this.name = name;
            this.numeric = numeric;
            this.sample = numeric.scaling() == Scaling.QUANTILE
                    ? new QuantileSample(SAMPLE_SIZE_LIMIT, new SplittableRandom(seed ^ Keys.ofText(name)))
                    : null;
        }

        String subject() {
            return "feature '" + name + "'";
        }

        void add(double[] numbers) {
            boolean log = numeric.scaling() == Scaling.LOG;
            rowCount += numbers.length;
            for (double x : numbers) {
                if (!Double.isNaN(x)) {
                    moments.add(log ? NumberEncoder.log(x) : x);
                    minimum = Math.min(minimum, x);
                    maximum = Math.max(maximum, x);
                }
            }
            if (sample != null) {
                addToSample(numbers);
            }
        }

        private void addToSample(double[] numbers) {
            for (double x : numbers) {
                if (!Double.isNaN(x)) {
                    sample.add(x);
                }
            }
        }

        FeatureStatistics finish() {
            boolean any = moments.count() > 0;
            double deviation = moments.standardDeviation();
            if (!Double.isFinite(deviation)) {
                throw new InputException(subject() + ": expected numbers with a finite variance, found a maximum of "
                        + maximum + " and a minimum of " + minimum);
            }
            return new FeatureStatistics(
                    rowCount,
                    rowCount - moments.count(),
                    moments.mean(),
                    deviation,
                    any ? minimum : 0,
                    any ? maximum : 0,
                    sample == null ? List.of() : sample.boundaries(numeric.buckets()));
        }
    }
}
