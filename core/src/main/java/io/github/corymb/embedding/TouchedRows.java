package io.github.corymb.embedding;

import java.util.BitSet;

/// The rows of a table that were touched since somebody asked, so that nobody needs to read the steps of all rows: a
/// bit a row. One thread at a time.
final class TouchedRows {

    private final BitSet rows;

    /// @param rowCount that are expected
    TouchedRows(int rowCount) {
        rows = new BitSet(rowCount);
    }

    void note(int row) {
        rows.set(row);
    }

    /// Notes rows `from` to before `to` of `of`.
    void note(int[] of, int from, int to) {
        for (int i = from; i < to; i++) {
            rows.set(of[i]);
        }
    }

    /// Notes rows 0 … `rowCount` - 1.
    void noteAll(int rowCount) {
        rows.set(0, rowCount);
    }

    /// Those noted, in their order.
    int[] numbers() {
        int[] numbers = new int[rows.cardinality()];
        int row = rows.nextSetBit(0);
        for (int at = 0; at < numbers.length; at++) {
            numbers[at] = row;
            row = rows.nextSetBit(row + 1);
        }
        return numbers;
    }
}
