package io.github.corymb.feature;

import java.nio.charset.StandardCharsets;

/// The stable 64-bit key under which a value of a categorical feature is found in an embedding table. No vocabulary
/// is needed, and a table stores nothing but keys, so they never change from release to release.
///
/// A value's key does not depend on how it is written: 42, 42.0 and the text `42` are one key, since one file gives an
/// id as a number and the next as text. Text is read as an integer where it is the way an integer is printed: `042` and
/// `+42` stay text. Different 64-bit integers have
/// different keys (but for 16 of them); other texts collide by chance alone, as 64 bits do.
public final class Keys {

    /// No key: the empty slot of a table. Never returned for a value.
    public static final long NONE = 0;

    /// The key of a missing value.
    public static final long MISSING = 1;

    /// The key of every value outside a frozen vocabulary.
    public static final long UNKNOWN = 2;

    private static final int RESERVED_COUNT = 16; // the three above, and room for more
    private static final long INTEGER_SEED = 1;
    private static final long TEXT_SEED = 0;
    private static final int DIGIT_COUNT_LIMIT = 19; // of Long.MAX_VALUE

    private Keys() {}

    public static long ofInteger(long value) {
        return unreserved(XxHash64.hash(value, INTEGER_SEED));
    }

    /// The key of a number: of the integer it equals, of its shortest decimal text where it has a fraction, and
    /// [#MISSING] for NaN, which is how tables of floats write a missing id.
    public static long ofNumber(double value) {
        if (value == Math.rint(value) && value >= Long.MIN_VALUE && value < 0x1p63) {
            return ofInteger((long) value);
        }
        return Double.isNaN(value) ? MISSING : ofText(Double.toString(value));
    }

    public static long ofText(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return ofText(utf8, 0, utf8.length);
    }

    /// The key of the text in the bytes from `from` to before `to`.
    public static long ofText(byte[] utf8, int from, int to) {
        boolean negative = from < to && utf8[from] == '-';
        int digits = negative ? from + 1 : from;
        if (isCanonical(utf8, digits, to, negative)) {
            long value = 0; // kept negative, which reaches one further
            for (int at = digits; at < to; at++) {
                value = value * 10 - (utf8[at] - '0');
            }
            boolean fits = value <= 0 && (negative || value != Long.MIN_VALUE);
            if (fits) {
                return ofInteger(negative ? value : -value);
            }
        }
        return unreserved(XxHash64.hash(utf8, from, to, TEXT_SEED));
    }

    /// Whether the bytes are digits as an integer is printed: at most 19, and no zero before others.
    private static boolean isCanonical(byte[] utf8, int from, int to, boolean negative) {
        int count = to - from;
        if (count < 1 || count > DIGIT_COUNT_LIMIT || (utf8[from] == '0' && (count > 1 || negative))) {
            return false;
        }
        for (int at = from; at < to; at++) {
            if (utf8[at] < '0' || utf8[at] > '9') {
                return false;
            }
        }
        return true;
    }

    private static long unreserved(long hash) {
        // one comparison, which a processor foresees: the sign alone is the toss of a coin
        return Long.compareUnsigned(hash, RESERVED_COUNT) < 0 ? ~hash : hash;
    }
}
