package io.github.corymb.feature;

import java.util.Arrays;

/// Encodes a [Feature.Numeric] in quantile buckets: one key a row.
///
/// @param boundaries where each bucket but the first begins, ascending and different
/// @param field which of the batch's fields it fills
@SuppressWarnings("ArrayRecordComponent") // never compared
record BucketEncoder(double[] boundaries, int field) implements ColumnEncoder {

    @Override
    public void encode(Column column, int rowCount, Place place, Batch into) {
        write(
                NumberReader.read(column, rowCount, place),
                boundaries,
                into.fields().get(field));
    }

    private static void write(double[] numbers, double[] boundaries, KeyLists into) {
        for (double x : numbers) {
            int at = into.addRow(1);
            into.keys()[at] = Double.isNaN(x) ? Keys.MISSING : Keys.ofInteger(bucket(x + 0.0, boundaries));
        }
    }

    /// How many boundaries are at or below x. Zero must not be negative, which would come before zero.
    static int bucket(double x, double[] boundaries) {
        int found = Arrays.binarySearch(boundaries, x);
        return found >= 0 ? found + 1 : -found - 1;
    }
}
