package io.github.corymb.feature;

/// Encodes a [Feature.Categorical]: one key a row.
///
/// @param field which of the batch's fields it fills
record CategoryEncoder(KeyReader reader, int field) implements ColumnEncoder {

    @Override
    public void encode(Column column, int rowCount, Place place, Batch into) {
        KeyLists lists = into.fields().get(field);
        if (column instanceof Column.Lists) {
            if (!column.isEmpty(rowCount)) {
                throw place.wrongKind("a single value", column, rowCount);
            }
            write(new long[rowCount], lists);
        } else {
            write(reader.read(column, 0, rowCount), lists);
        }
    }

    private static void write(long[] keys, KeyLists into) {
        long[] singles = into.setSingles(keys.length);
        for (int row = 0; row < keys.length; row++) {
            singles[row] = keys[row] == Keys.NONE ? Keys.MISSING : keys[row];
        }
    }
}
