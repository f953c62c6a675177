package io.github.corymb.feature;

/// Encodes a [Feature.Numeric] outside buckets: the scaled number, and whether it is missing.
///
///     y = (x − shift) / scale       clamped to [0, 1] by min_max; x in logarithms by log
///
/// @param offset which of the batch's numeric inputs is its first
record NumberEncoder(Scaling scaling, double shift, double scale, int offset) implements ColumnEncoder {

    static NumberEncoder of(Scaling scaling, FeatureStatistics statistics, int offset) {
        return switch (scaling) {
            case NONE -> new NumberEncoder(scaling, 0, 1, offset);
            case STANDARD, LOG ->
                new NumberEncoder(scaling, statistics.mean(), orOne(statistics.standardDeviation()), offset);
            case MIN_MAX -> {
                double width = statistics.maximum() - statistics.minimum();
                yield new NumberEncoder(scaling, statistics.minimum(), orOne(width), offset);
            }
            case QUANTILE -> throw new IllegalArgumentException("quantile buckets are not scaled");
        };
    }

    /// The input x on the logarithmic scale.
    static double log(double x) {
        return Math.copySign(StrictMath.log1p(Math.abs(x)), x);
    }

    @Override
    public void encode(Column column, int rowCount, Place place, Batch into) {
        double[] numbers = NumberReader.read(column, rowCount, place);
        double[] scaled = scaling == Scaling.LOG ? logs(numbers) : numbers.clone();
        scale(scaled, shift, scale);
        if (scaling == Scaling.MIN_MAX) {
            clamp(scaled);
        }
        int failed = write(scaled, into.numeric(), offset, into.numericWidth());
        if (failed >= 0) {
            throw place.wrong("a number in the range of a float", Double.toString(numbers[failed]), failed);
        }
    }

    private static double[] logs(double[] numbers) {
        double[] logs = new double[numbers.length];
        for (int row = 0; row < logs.length; row++) {
            logs[row] = log(numbers[row]);
        }
        return logs;
    }

    private static void scale(double[] numbers, double shift, double scale) {
        for (int row = 0; row < numbers.length; row++) {
            numbers[row] = (numbers[row] - shift) / scale;
        }
    }

    private static void clamp(double[] numbers) {
        for (int row = 0; row < numbers.length; row++) {
            numbers[row] = Math.clamp(numbers[row], 0.0, 1.0); // NaN stays
        }
    }

    /// Writes value and indicator of each row, `width` apart. Returns the first row whose value no float can hold, or
    /// −1.
    private static int write(double[] scaled, float[] into, int offset, int width) {
        for (int row = 0, at = offset; row < scaled.length; row++, at += width) {
            boolean missing = Double.isNaN(scaled[row]);
            float value = missing ? 0f : (float) scaled[row];
            if (Float.isInfinite(value)) {
                return row;
            }
            into[at] = value;
            into[at + 1] = missing ? 1f : 0f;
        }
        return -1;
    }

    private static double orOne(double scale) {
        return scale > 0 ? scale : 1;
    }
}
