package io.github.corymb.embedding;

/// Where things are in a block of rows of a table's file, which holds columns one after the other, each padded with
/// zeros to a multiple of 64 bytes.
///
/// @param rowCount n rows, at most [Slabs#SLAB_ROWS]
/// @param rowSize bytes of the weights and the optimizer's state of a row
/// @param withState whether there are touched steps and the optimizer's floats
/// @param withCounts whether there are counts of updates
record RowBlock(int rowCount, long rowSize, boolean withState, boolean withCounts) {

    /// [n] long
    long keysAt() {
        return 0;
    }

    /// [n] int
    long touchedAt() {
        return padded((long) rowCount * Long.BYTES);
    }

    /// [n] int
    long countsAt() {
        return touchedAt() + (withState ? padded((long) rowCount * Integer.BYTES) : 0);
    }

    /// [n, rowSize] byte, each row as [RowLayout] says
    long rowsAt() {
        return countsAt() + (withCounts ? padded((long) rowCount * Integer.BYTES) : 0);
    }

    /// Bytes of the block.
    long size() {
        return rowsAt() + padded(rowCount * rowSize());
    }

    static long padded(long size) {
        return Math.ceilDiv(size, Slabs.ALIGNMENT) * Slabs.ALIGNMENT;
    }
}
