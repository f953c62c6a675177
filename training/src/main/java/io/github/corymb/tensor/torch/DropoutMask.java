package io.github.corymb.tensor.torch;

/// Which elements a dropout keeps, as factors: 0, or 1 / (1 − rate). The factor of element i depends on the seed and i
/// alone, not on threads: a counter, hashed to 32 bits by two rounds of multiply and xor-shift. A loop the compiler
/// vectorises, many times faster than a serial generator.
final class DropoutMask {

    private static final int GOLDEN_GAMMA = 0x9e3779b9;
    private static final int BITS = 24; // of the hash that are compared with the rate

    private DropoutMask() {}

    static float[] of(long count, double rate, long seed) {
        float[] mask = new float[Math.toIntExact(count)];
        int dropBelow = (int) Math.round(rate * (1 << BITS));
        fill(mask, dropBelow, (float) (1 / (1 - rate)), (int) seed, (int) (seed >>> 32));
        return mask;
    }

    private static void fill(float[] mask, int dropBelow, float scale, int firstKey, int secondKey) {
        for (int i = 0; i < mask.length; i++) {
            int hash = i * GOLDEN_GAMMA + firstKey;
            hash = (hash ^ (hash >>> 16)) * 0x7feb352d;
            hash = (hash ^ (hash >>> 15) ^ secondKey) * 0x846ca68b;
            hash ^= hash >>> 16;
            int kept = ((dropBelow - 1 - (hash >>> (Integer.SIZE - BITS))) >>> 31); // 1 where hash ≥ dropBelow
            mask[i] = kept * scale;
        }
    }
}
