package io.github.corymb.tensor.torch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Which elements a dropout keeps, as factors: 0, or 1 / (1 − rate). The factor of element i depends on the seed and i
/// alone, not on threads: a counter, hashed to 32 bits by rounds of multiply and xor-shift. A loop the compiler
/// vectorises, many times faster than a serial generator.
final class DropoutMask {

    private static final int GOLDEN_GAMMA = 0x9e3779b9;
    private static final int BITS = 24; // of the hash that are compared with the rate
    private static final int BLOCK_LENGTH = 4096; // factors made at a time: 16 KiB stay in the nearest cache

    private DropoutMask() {}

    /// Fills float32 memory with factors.
    static void fill(MemorySegment mask, double rate, long seed) {
        int dropBelow = (int) Math.round(rate * (1 << BITS));
        float scale = (float) (1 / (1 - rate));
        long count = mask.byteSize() / Float.BYTES;
        float[] block = new float[(int) Math.min(BLOCK_LENGTH, count)];
        for (long start = 0; start < count; start += BLOCK_LENGTH) {
            int length = (int) Math.min(BLOCK_LENGTH, count - start);
            fill(block, (int) start, dropBelow, scale, (int) seed, (int) (seed >>> Integer.SIZE));
            MemorySegment.copy(block, 0, mask, ValueLayout.JAVA_FLOAT, start * Float.BYTES, length);
        }
    }

    private static void fill(float[] block, int start, int dropBelow, float scale, int firstKey, int secondKey) {
        for (int i = 0; i < block.length; i++) {
            int hash = (start + i) * GOLDEN_GAMMA + firstKey;
            hash = (hash ^ (hash >>> 16)) * 0x7feb352d;
            hash = (hash ^ (hash >>> 15) ^ secondKey) * 0x846ca68b;
            hash ^= hash >>> 16;
            int kept = (dropBelow - 1 - (hash >>> (Integer.SIZE - BITS))) >>> 31; // 1 where hash ≥ dropBelow
            block[i] = kept * scale;
        }
    }
}
