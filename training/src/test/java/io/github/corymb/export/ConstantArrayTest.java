package io.github.corymb.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ConstantArrayTest {

    /// Its values are their places: 0, 1, 2, …
    private static ConstantArray counting(long... shape) {
        int count = 1;
        for (long size : shape) {
            count *= (int) size;
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i;
        }
        return new ConstantArray(values, shape);
    }

    private static float[] values(ConstantArray array) {
        float[] values = new float[array.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.at(i);
        }
        return values;
    }

    @Property(tries = 50)
    void transposingSwapsTheIndices(
            @ForAll @IntRange(min = 1, max = 4) int a,
            @ForAll @IntRange(min = 1, max = 4) int b,
            @ForAll @IntRange(min = 1, max = 4) int c) {
        ConstantArray turned = counting(a, b, c).transpose(0, 2);
        assertArrayEquals(new long[] {c, b, a}, turned.shape());
        for (int i = 0; i < a; i++) {
            for (int j = 0; j < b; j++) {
                for (int k = 0; k < c; k++) {
                    assertEquals((i * b + j) * c + k, turned.at((k * b + j) * a + i));
                }
            }
        }
        assertArrayEquals(values(counting(a, b, c)), values(turned.transpose(2, 0)));
    }

    @Property(tries = 50)
    void selectingTakesTheEntriesInTheirOrder(
            @ForAll @IntRange(min = 1, max = 4) int a,
            @ForAll @IntRange(min = 1, max = 4) int b,
            @ForAll @IntRange(min = 1, max = 4) int c) {
        ConstantArray last = counting(a, b, c).select(1, b - 1, 0);
        assertArrayEquals(new long[] {a, 2, c}, last.shape());
        for (int i = 0; i < a; i++) {
            for (int k = 0; k < c; k++) {
                assertEquals((i * b + b - 1) * c + k, last.at(i * 2 * c + k));
                assertEquals(i * b * c + k, last.at((i * 2 + 1) * c + k));
            }
        }
    }

    @Property(tries = 50)
    void joiningUndoesSelecting(
            @ForAll @IntRange(min = 2, max = 5) int size, @ForAll @IntRange(min = 0, max = 2) int axis) {
        ConstantArray whole = counting(size, size, size);
        int[] rest = new int[size - 1];
        for (int i = 1; i < size; i++) {
            rest[i - 1] = i;
        }
        ConstantArray joined = ConstantArray.concat(List.of(whole.select(axis, 0), whole.select(axis, rest)), axis);
        assertArrayEquals(whole.shape(), joined.shape());
        assertArrayEquals(values(whole), values(joined));
    }

    @Test
    void scalingMultipliesEachEntryOfTheFirstAxis() {
        assertArrayEquals(
                new float[] {0, 2 * 1, 2 * 2, -3, -4, -5}, values(counting(2, 3).scaled(2, -1)));
    }

    @Test
    void oneSizeMayBeLeftOpen() {
        assertArrayEquals(new long[] {4, 3}, counting(2, 6).reshape(-1, 3).shape());
    }

    @Test
    void otherThanAsManyValuesAsTheShapeHasAreRefused() {
        String message = assertThrows(IllegalArgumentException.class, () -> new ConstantArray(new float[5], 2, 3))
                .getMessage();
        assertEquals("expected 6 values, found 5", message);
    }
}
