package io.github.corymb.export;

import java.nio.FloatBuffer;

/// The mean of the rows that were added.
final class MeanRow {

    private final double[] sums; // [D]
    private long count;

    MeanRow(int width) {
        sums = new double[width];
    }

    /// @param rows [n, D], row-major
    void add(FloatBuffer rows) {
        while (rows.hasRemaining()) {
            for (int d = 0; d < sums.length; d++) {
                sums[d] += rows.get();
            }
            count++;
        }
    }

    /// Of entry d; 0 where no row was added.
    double at(int d) {
        return count == 0 ? 0 : sums[d] / count;
    }
}
