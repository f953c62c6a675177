package io.github.corymb.embedding;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// All native memory by its address, without bounds and without an owner, for loops that touch a row once: the
/// segment of one slab among thousands costs more to load than the row itself. Who passes an address answers for it.
///
/// The JVM lets only modules do so that were named in `--enable-native-access`, and warns of others.
@SuppressWarnings("restricted")
final class Native {

    static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    // an address that is no multiple of 4 does not occur, so it is not looked for
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    private Native() {}

    static float getFloat(long address) {
        return MEMORY.get(FLOAT, address);
    }

    static void putFloat(long address, float value) {
        MEMORY.set(FLOAT, address, value);
    }

    static int getInt(long address) {
        return MEMORY.get(INT, address);
    }

    static void putInt(long address, int value) {
        MEMORY.set(INT, address, value);
    }

    static long getLong(long address) {
        return MEMORY.get(LONG, address);
    }

    static void putLong(long address, long value) {
        MEMORY.set(LONG, address, value);
    }

    static short getShort(long address) {
        return MEMORY.get(SHORT, address);
    }

    static void putShort(long address, short value) {
        MEMORY.set(SHORT, address, value);
    }

    static byte getByte(long address) {
        return MEMORY.get(ValueLayout.JAVA_BYTE, address);
    }

    static void putByte(long address, byte value) {
        MEMORY.set(ValueLayout.JAVA_BYTE, address, value);
    }

    static void copy(long from, long to, long size) {
        MemorySegment.copy(MEMORY, from, MEMORY, to, size);
    }

    static void clear(long address, long size) {
        MEMORY.asSlice(address, size).fill((byte) 0);
    }
}
