package io.github.corymb.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KeysTest {

    @Property(seed = "2026")
    void anIntegerAndItsTextAreOneKey(@ForAll long value) {
        assertEquals(Keys.ofInteger(value), Keys.ofText(Long.toString(value)));
    }

    @Property(seed = "2026")
    void anIntegerAndItsDoubleAreOneKey(@ForAll @LongRange(min = -(1L << 53), max = 1L << 53) long value) {
        assertEquals(Keys.ofInteger(value), Keys.ofNumber((double) value));
    }

    @Property(seed = "2026")
    void aNumberAndItsTextAreOneKey(@ForAll double value) {
        if (value != Math.rint(value)) {
            assertEquals(Keys.ofText(Double.toString(value)), Keys.ofNumber(value));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1_000_000_000_000_000_000L})
    void theEdgesOfTheRangeAreIntegers(long value) {
        assertEquals(Keys.ofInteger(value), Keys.ofText(Long.toString(value)));
    }

    @Test
    void otherSpellingsAreText() {
        List<String> texts = List.of(
                "",
                "-",
                "042",
                "-042",
                "+42",
                "-0",
                "00",
                " 42",
                "42 ",
                "4 2",
                "0x2a",
                "9223372036854775808",
                "-9223372036854775809",
                "18446744073709551658",
                "9999999999999999999");
        Set<Long> keys = new HashSet<>();
        keys.add(Keys.ofInteger(42));
        keys.add(Keys.ofInteger(-42));
        keys.add(Keys.ofInteger(0));
        keys.add(Keys.ofInteger(Long.MIN_VALUE));
        keys.add(Keys.ofInteger(Long.MAX_VALUE));
        texts.forEach(text -> keys.add(Keys.ofText(text)));
        assertEquals(5 + texts.size(), keys.size());
    }

    @Test
    void zeroHasOneKeyAndNanIsMissing() {
        assertEquals(Keys.ofInteger(0), Keys.ofNumber(-0.0));
        assertEquals(Keys.MISSING, Keys.ofNumber(Double.NaN));
        assertNotEquals(Keys.ofInteger(Long.MAX_VALUE), Keys.ofNumber(0x1p63)); // 2^63 is one more
        assertEquals(Keys.ofInteger(Long.MIN_VALUE), Keys.ofNumber(-0x1p63));
    }

    @Test
    void noIntegerTakesAReservedKeyAndAllDiffer() {
        Set<Long> keys = new HashSet<>();
        for (long value = -50_000; value < 50_000; value++) {
            keys.add(Keys.ofInteger(value));
        }
        assertEquals(100_000, keys.size());
        assertTrue(keys.stream().noneMatch(key -> key >= 0 && key < 16));
    }

    /// Undoes the hash, to find the integers that would fall on the reserved keys.
    @Test
    void integersWhoseHashIsReservedMoveAway() {
        for (long reserved = 0; reserved < 3; reserved++) {
            long value = XxHash64Inverse.of(reserved, 1);
            assertEquals(reserved, XxHash64.hash(value, 1));
            assertEquals(~reserved, Keys.ofInteger(value));
        }
    }

    /// Each bit of an integer changes each bit of its key in half of all cases: 64 · 64 cells of mean 1/2, standard
    /// deviation √(1/4 / 4096) = 1/128, so that 6 of them are exceeded by none.
    @Test
    void everyBitOfAnIntegerChangesEveryBitOfItsKey() {
        int trials = 4096;
        int[][] flips = new int[64][64];
        for (long value = 0; value < trials; value++) {
            for (int bit = 0; bit < 64; bit++) {
                long changed = Keys.ofInteger(value) ^ Keys.ofInteger(value ^ (1L << bit));
                for (int at = 0; at < 64; at++) {
                    flips[bit][at] += (int) (changed >>> at & 1);
                }
            }
        }
        for (int[] row : flips) {
            for (int count : row) {
                assertEquals(0.5, (double) count / trials, 6.0 / 128);
            }
        }
    }
}
