package io.github.corymb.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class LookupTableTest {

    private static final long GREATEST = Long.MAX_VALUE;

    private static LookupTable table(long... keys) {
        return new LookupTable(keys, new float[keys.length + 1], 1);
    }

    @Test
    void keysArePaddedToAPowerOfTwoWithTheGreatestNumber() {
        assertArrayEquals(new long[] {GREATEST}, table().padded());
        assertArrayEquals(new long[] {-3}, table(-3).padded());
        assertArrayEquals(new long[] {-3, 5}, table(-3, 5).padded());
        assertArrayEquals(new long[] {-3, 5, 7, GREATEST}, table(-3, 5, 7).padded());
        assertArrayEquals(new long[] {1, 2, 3, 4}, table(1, 2, 3, 4).padded());
        assertArrayEquals(
                new long[] {1, 2, 3, 4, 5, GREATEST, GREATEST, GREATEST},
                table(1, 2, 3, 4, 5).padded());
    }

    @Test
    void whatPadsHasTheDefaultRow() {
        assertArrayEquals(new long[] {0}, table().rowOfPadded());
        assertArrayEquals(new long[] {1, 2, 3, 0}, table(-3, 5, 7).rowOfPadded());
    }

    @Test
    void theGreatestNumberAsAKeyKeepsItsRow() {
        assertArrayEquals(new long[] {1, 2, 3, 3}, table(-3, 5, GREATEST).rowOfPadded());
    }

    @Test
    void weightsForOtherThanEveryKeyAndTheDefaultAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new LookupTable(new long[2], new float[5], 2));
    }
}
