package io.github.corymb.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

final class ArrayTest {

    @Test
    void aScalarHasOneValue() {
        assertEquals(1, Array.count());
        assertEquals(2 * 3, Array.count(2, 3));
        assertEquals(0, Array.count(2, 0));
        assertThrows(IllegalArgumentException.class, () -> Array.count(-1));
        assertThrows(ArithmeticException.class, () -> Array.count(Long.MAX_VALUE, 2));
    }

    @Test
    void readersOfItsValuesDoNotMeet() {
        Array array = Array.zeros(2, 2);
        array.values().put(1).put(2);
        assertEquals(1, array.values().get());
        assertEquals(4, array.values().remaining());
        array.shape()[0] = 9;
        assertArrayEquals(new long[] {2, 2}, array.shape());
    }

    @Test
    void refusesABufferThatDoesNotFit() {
        FloatBuffer swapped = ByteBuffer.allocateDirect(8).asFloatBuffer(); // big-endian
        assertThrows(IllegalArgumentException.class, () -> new Array(new long[] {2}, FloatBuffer.allocate(2)));
        assertThrows(IllegalArgumentException.class, () -> new Array(new long[] {2}, swapped));
        FloatBuffer values = Array.zeros(3).values();
        assertThrows(IllegalArgumentException.class, () -> new Array(new long[] {2}, values));
    }
}
