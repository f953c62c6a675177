package io.github.corymb.embedding;

import java.time.Instant;

/// Gives up rows of a table by its [TableSpec]: in the order of rows, so that equal tables lose equal rows.
///
/// Cost: one pass over the steps of all rows to expire, up to five to trim; no memory.
final class Eviction {

    private static final int DIGIT_BITS = 16;
    private static final int DIGIT_MASK = (1 << DIGIT_BITS) - 1;

    private Eviction() {}

    /// Gives up the rows whose last update is longer ago than the spec allows.
    ///
    /// @param step that is over
    /// @return how many
    static int expire(EmbeddingTable table, int step, Instant now) {
        ExpirySpec expiry = table.tableSpec().expiry();
        long last = Long.MIN_VALUE; // rows updated at or before it go
        if (expiry.steps() != null) {
            last = step - expiry.steps() - 1;
        }
        if (expiry.age() != null) {
            last = Math.max(last, table.times().lastStepBy(now.minus(expiry.age())));
        }
        int count = 0;
        for (int row = 1; last >= 0 && row <= table.lastRow(); row++) {
            if (table.hasKey(row) && table.touchedStep(row) <= last) {
                table.evict(row, step);
                count++;
            }
        }
        return count;
    }

    /// Gives up the rows of further columns whose keys have no row any more in the table of the first ones.
    ///
    /// @return how many
    static int follow(EmbeddingTable further, EmbeddingTable first, int step) {
        int count = 0;
        for (int row = 1; row <= further.lastRow(); row++) {
            if (further.hasKey(row)
                    && first.content().find(further.content().index().keyOf(row)) == KeyIndex.ABSENT) {
                further.evict(row, step);
                count++;
            }
        }
        return count;
    }

    /// Gives up rows until no more than the spec's are left.
    ///
    /// @return how many
    static int trim(EmbeddingTable table, int step) {
        long excess = table.rowCount() - table.tableSpec().trim().rows();
        if (excess <= 0) {
            return 0;
        }
        boolean frequent = table.tableSpec().trim().keep() == TrimSpec.Keep.FREQUENT;
        long[] ties = {0};
        long bound = smallest(table, frequent, excess, ties);
        long below = ties[0];
        int count = 0;
        for (int row = 1; row <= table.lastRow(); row++) {
            if (table.hasKey(row)) {
                long worth = worth(table, row, frequent);
                if (worth < bound || (worth == bound && below-- > 0)) {
                    table.evict(row, step);
                    count++;
                }
            }
        }
        return count;
    }

    /// The `rank`-th smallest worth, counted from 1, by its digits from the uppermost: each pass counts the rows by
    /// one digit among those that agree in the digits before.
    ///
    /// @param ties receives how many rows of just this worth are among the first `rank`
    private static long smallest(EmbeddingTable table, boolean frequent, long rank, long[] ties) {
        long left = rank;
        long prefix = 0;
        for (int shift = Long.SIZE - DIGIT_BITS; shift >= 0; shift -= DIGIT_BITS) {
            long[] counts = new long[DIGIT_MASK + 1];
            for (int row = 1; row <= table.lastRow(); row++) {
                long worth = table.hasKey(row) ? worth(table, row, frequent) : -1;
                // two shifts, since a shift by 64 is none
                if (worth >= 0 && (worth >>> shift) >>> DIGIT_BITS == (prefix >>> shift) >>> DIGIT_BITS) {
                    counts[(int) (worth >>> shift) & DIGIT_MASK]++;
                }
            }
            int digit = 0;
            while (counts[digit] < left) {
                left -= counts[digit];
                digit++;
            }
            prefix |= (long) digit << shift;
        }
        ties[0] = left;
        return prefix;
    }

    /// What keeps a row, the more the better, at least 0.
    private static long worth(EmbeddingTable table, int row, boolean frequent) {
        long touched = table.touchedStep(row);
        Slabs counts = table.rows().counts();
        long count = counts == null ? 0 : Native.getInt(counts.at(row));
        return frequent ? count << Integer.SIZE | touched : touched << Integer.SIZE | count;
    }
}
