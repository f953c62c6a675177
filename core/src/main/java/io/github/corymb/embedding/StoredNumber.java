package io.github.corymb.embedding;

/// One number of a row as [Storage] says, to a float and back.
///
/// To 16 bits a number is brought to a whole number n of units of which a step of the type has 2^13 or 2^16; n plus
/// what is added, from 0 to one less than a step, is cut down to steps. Adding random units rounds at random; adding
/// half a step rounds to the nearest.
final class StoredNumber {

    static final int MAGNITUDE = 0x7FFFFFFF;
    static final int INFINITY = 0x7F800000;

    static final int BFLOAT16_CUT = 16; // bits
    static final int BFLOAT16_MAX = 0x7F7F;
    static final int BFLOAT16_NAN = 0x7FC0;

    static final int FLOAT16_CUT = 13;
    static final int FLOAT16_MAX = 0x7BFF;
    static final int FLOAT16_NAN = 0x7E00;
    static final float FLOAT16_LIMIT = 65_504;
    static final int FLOAT16_REBIAS = 112 << 23; // exponents of a float are 112 above those of a float16
    static final int FLOAT16_NORMAL = 113 << 23; // 2^-14, from where on there are all 11 significant bits
    static final float FLOAT16_UNITS = 0x1p37f; // 2^13 a step of 2^-24, below it; what is finer is cut

    static final int SIGN_SHIFT = 16;
    static final int SIGN = 0x8000;

    private static final int INT8_NUMBERS = 2 * Float.BYTES; // behind scale and offset
    private static final int INT8_MAX = 255;

    private StoredNumber() {}

    /// Number j of a row.
    static float get(Storage storage, long row, int j) {
        return switch (storage) {
            case FLOAT32 -> Native.getFloat(row + 4L * j);
            case BFLOAT16 -> Float.intBitsToFloat(Native.getShort(row + 2L * j) << BFLOAT16_CUT);
            case FLOAT16 -> Float.float16ToFloat(Native.getShort(row + 2L * j));
            case INT8 -> {
                int q = Native.getByte(row + INT8_NUMBERS + j) & INT8_MAX;
                yield Native.getFloat(row + Float.BYTES) + Native.getFloat(row) * q;
            }
        };
    }

    /// Writes number j of a row, to the nearest, the even one of two as near.
    static void put(Storage storage, long row, int j, float value) {
        switch (storage) {
            case FLOAT32 -> Native.putFloat(row + 4L * j, value);
            case BFLOAT16 -> {
                int isOdd = Float.floatToRawIntBits(value) >>> BFLOAT16_CUT & 1;
                Native.putShort(row + 2L * j, bfloat16(value, 0x7FFF + isOdd));
            }
            case FLOAT16 -> {
                boolean isBeyond = Math.abs(value) > FLOAT16_LIMIT;
                float bounded = isBeyond ? Math.copySign(FLOAT16_LIMIT, value) : value;
                Native.putShort(row + 2L * j, Float.floatToFloat16(bounded));
            }
            case INT8 -> throw new IllegalArgumentException("storage: expected one that learns, found int8");
        }
    }

    /// Writes a whole row, each number to the nearest.
    ///
    /// @param values address of D floats
    /// @throws ArithmeticException where one is not finite and the storage needs it to be
    static void putAll(Storage storage, long row, long values, int dimension) {
        if (storage == Storage.INT8) {
            putInt8(row, values, dimension);
            return;
        }
        for (int j = 0; j < dimension; j++) {
            put(storage, row, j, Native.getFloat(values + 4L * j));
        }
    }

    /// Writes a whole row of floats at an address as int8.
    ///
    /// @throws ArithmeticException where one is not finite, or they are further apart than a float reaches
    private static void putInt8(long row, long values, int dimension) {
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (int j = 0; j < dimension; j++) {
            least = Math.min(least, Native.getFloat(values + 4L * j));
            most = Math.max(most, Native.getFloat(values + 4L * j));
        }
        float scale = (float) (((double) most - least) / INT8_MAX);
        if (!Float.isFinite(least + scale * INT8_MAX)) {
            throw new ArithmeticException(
                    "expected finite weights no further apart than a float reaches, found others");
        }
        Native.putFloat(row, scale);
        Native.putFloat(row + Float.BYTES, least);
        for (int j = 0; j < dimension; j++) {
            double steps = scale == 0 ? 0 : ((double) Native.getFloat(values + 4L * j) - least) / scale;
            Native.putByte(row + INT8_NUMBERS + j, (byte) Math.min(Math.round(steps), INT8_MAX));
        }
    }

    /// @param added 0 … 2^16 - 1
    static short bfloat16(float value, int added) {
        int bits = Float.floatToRawIntBits(value);
        int magnitude = bits & MAGNITUDE;
        int cut = magnitude > INFINITY ? BFLOAT16_NAN : Math.min((magnitude + added) >>> BFLOAT16_CUT, BFLOAT16_MAX);
        return (short) (cut | (bits >>> SIGN_SHIFT & SIGN));
    }

    /// @param added 0 … 2^13 - 1
    static short float16(float value, int added) {
        int bits = Float.floatToRawIntBits(value);
        int magnitude = bits & MAGNITUDE;
        int units = magnitude < FLOAT16_NORMAL ? (int) (Math.abs(value) * FLOAT16_UNITS) : magnitude - FLOAT16_REBIAS;
        int cut = magnitude > INFINITY ? FLOAT16_NAN : Math.min((units + added) >>> FLOAT16_CUT, FLOAT16_MAX);
        return (short) (cut | (bits >>> SIGN_SHIFT & SIGN));
    }
}
