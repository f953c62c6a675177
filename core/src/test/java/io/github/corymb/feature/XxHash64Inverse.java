package io.github.corymb.feature;

import java.math.BigInteger;

/// Finds the long that has a given XXH64, by undoing each step.
final class XxHash64Inverse {

    private static final long PRIME_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long PRIME_3 = 0x165667B19E3779F9L;
    private static final long PRIME_4 = 0x85EBCA77C2B2AE63L;
    private static final long PRIME_5 = 0x27D4EB2F165667C5L;

    private XxHash64Inverse() {}

    static long of(long hash, long seed) {
        long x = hash ^ (hash >>> 32);
        x *= inverse(PRIME_3);
        x = x ^ (x >>> 29) ^ (x >>> 58);
        x *= inverse(PRIME_2);
        x = x ^ (x >>> 33);
        x = Long.rotateRight((x - PRIME_4) * inverse(PRIME_1), 27);
        x ^= seed + PRIME_5 + 8;
        return Long.rotateRight(x * inverse(PRIME_1), 31) * inverse(PRIME_2);
    }

    /// The number whose product with `odd` is 1 modulo 2^64.
    private static long inverse(long odd) {
        return new BigInteger(Long.toUnsignedString(odd))
                .modInverse(BigInteger.ONE.shiftLeft(64))
                .longValue();
    }
}
