package io.github.corymb.serving.server;

import io.github.corymb.feature.Column;
import io.github.corymb.feature.InputException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/// The datatypes of the Open Inference Protocol that a column can be given in. Integers become [Column.Longs], numbers
/// [Column.Doubles], BYTES texts in UTF-8.
enum Datatype {
    BOOL(1),
    INT8(1),
    INT16(2),
    INT32(4),
    INT64(8),
    UINT8(1),
    UINT16(2),
    UINT32(4),
    UINT64(8),
    FP32(4),
    FP64(8),
    BYTES(4);

    private final int size; // bytes of a value; of BYTES, of what stands before one

    Datatype(int size) {
        this.size = size;
    }

    /// @param place the input's name in quotes
    static Datatype of(String name, String place) {
        return Arrays.stream(values())
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new InputException(
                        "input %s: expected a datatype of %s, found '%s'".formatted(place, List.of(values()), name)));
    }

    boolean isNumber() {
        return this == FP32 || this == FP64;
    }

    /// A plain value as this datatype has it, for values that JSON brings; null is NULL.
    ///
    /// @throws InputException for another kind of value, or one out of range
    Object plain(Object value, String place) {
        return switch (value) {
            case null -> null;
            case String text when this == BYTES -> text;
            case Boolean truth when this == BOOL -> truth ? 1L : 0L;
            case Number number when isNumber() -> this == FP32 ? (double) number.floatValue() : number.doubleValue();
            case Integer integer when isInteger() -> inRange(integer.longValue(), place);
            case Long integer when isInteger() -> inRange(integer, place);
            default -> throw wrong(place, value instanceof BigInteger ? "a larger integer" : value.toString());
        };
    }

    /// `count` values one after another in little-endian order, BYTES with their length before each, as the binary
    /// extension and `raw_input_contents` have them.
    ///
    /// @throws InputException where there are not as many bytes as that takes
    Column decode(ByteBuffer raw, int count, String place) {
        if (this == BYTES) {
            return texts(raw, count, place);
        }
        if (raw.remaining() != (long) count * size) {
            throw new InputException("input %s: expected %d bytes of %s, found %d"
                    .formatted(place, (long) count * size, this, raw.remaining()));
        }
        if (isNumber()) {
            double[] values = new double[count];
            for (int i = 0; i < count; i++) {
                values[i] = this == FP32 ? raw.getFloat() : raw.getDouble();
            }
            return new Column.Doubles(values, null);
        }
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = integer(raw, place);
        }
        return new Column.Longs(values, null);
    }

    /// @throws InputException where it is not in the range of this datatype, or beyond 63 bits
    long inRange(long value, String place) {
        boolean fits = switch (this) {
            case INT8 -> value == (byte) value;
            case INT16 -> value == (short) value;
            case INT32 -> value == (int) value;
            case UINT8 -> value >= 0 && value < 1L << 8;
            case UINT16 -> value >= 0 && value < 1L << 16;
            case UINT32 -> value >= 0 && value < 1L << 32;
            case UINT64 -> value >= 0;
            case INT64, BOOL, FP32, FP64, BYTES -> true;
        };
        if (!fits) {
            throw wrong(place, this == UINT64 ? "an integer beyond 63 bits" : Long.toString(value));
        }
        return value;
    }

    private boolean isInteger() {
        return this != BOOL && this != BYTES && !isNumber();
    }

    private long integer(ByteBuffer raw, String place) {
        return switch (this) {
            case BOOL -> raw.get() == 0 ? 0 : 1;
            case INT8 -> raw.get();
            case INT16 -> raw.getShort();
            case INT32 -> raw.getInt();
            case INT64 -> raw.getLong();
            case UINT8 -> Byte.toUnsignedInt(raw.get());
            case UINT16 -> Short.toUnsignedInt(raw.getShort());
            case UINT32 -> Integer.toUnsignedLong(raw.getInt());
            case UINT64 -> inRange(raw.getLong(), place);
            case FP32, FP64, BYTES -> throw new AssertionError(this);
        };
    }

    private Column texts(ByteBuffer raw, int count, String place) {
        int bytes = raw.remaining();
        if (bytes < (long) count * size) {
            throw new InputException(
                    "input %s: expected %d values with their lengths, found %d bytes".formatted(place, count, bytes));
        }
        byte[] utf8 = new byte[bytes - count * size];
        int[] offsets = new int[count + 1];
        for (int i = 0; i < count; i++) {
            int length = raw.remaining() < size ? -1 : raw.getInt();
            int at = offsets[i];
            if (length < 0 || length > utf8.length - at || length > raw.remaining()) {
                throw new InputException("input %s: expected value %d to end where the bytes do, found its length %d"
                        .formatted(place, i, length));
            }
            raw.get(utf8, at, length);
            offsets[i + 1] = at + length;
        }
        if (raw.hasRemaining()) {
            throw new InputException(
                    "input %s: expected %d values, found %d bytes after them".formatted(place, count, raw.remaining()));
        }
        return new Column.Texts(utf8, offsets, null);
    }

    private InputException wrong(String place, String found) {
        return new InputException("input %s: expected values of %s, found %s".formatted(place, this, found));
    }
}
