package io.github.corymb.embedding;

import java.util.Locale;

/// How the D weights of a row are stored. The optimizer's state is always 32 bits a number, and sums and steps are
/// computed in 32 bits: a gather widens what is stored, an update widens, steps and rounds back.
///
/// | storage | a row | a number |
/// |---|---|---|
/// | `float32` | 4 D bytes | itself |
/// | `bfloat16` | 2 D bytes | the upper 16 bits of a float: 8 significant bits, the same range |
/// | `float16` | 2 D bytes | IEEE 754 binary16: 11 significant bits, up to 65,504, in steps of 2⁻²⁴ below 2⁻¹⁴ |
/// | `int8` | 8 + D bytes | offset + scale · q, q from 0 to 255, with offset and scale of the row as floats |
///
/// Rows that learn in 16 bits are rounded at random, up with the probability of the distance from below, so that steps
/// much smaller than the spacing of the type are kept on average: Gupta, Agrawal, Gopalakrishnan, Narayanan: Deep
/// Learning with Limited Numerical Precision, ICML 2015. The random bits are a function of the seed, the table, the
/// step, the key and the column, so that no thread and no order shows in them. All else is rounded to the nearest.
/// Numbers beyond the range of a type become its largest.
///
/// `int8` is for looking up alone: a row is written once, with scale = (max - min) / 255 and offset = min, and each
/// number is then off by at most scale / 2, and half an ulp where the sum is rounded.
public enum Storage {
    FLOAT32(1, 4, 0),
    BFLOAT16(2, 2, 0),
    FLOAT16(3, 2, 0),
    INT8(4, 1, 2 * Float.BYTES);

    private final int code; // in files
    private final int numberSize;
    private final int headSize; // in front of the numbers

    Storage(int code, int numberSize, int headSize) {
        this.code = code;
        this.numberSize = numberSize;
        this.headSize = headSize;
    }

    int code() {
        return code;
    }

    /// The storage of a code, or null.
    static Storage of(int code) {
        for (Storage storage : values()) {
            if (storage.code == code) {
                return storage;
            }
        }
        return null;
    }

    /// Bytes of `dimension` weights, padded to a multiple of 4, so that floats may follow.
    long size(int dimension) {
        long size = headSize + (long) numberSize * dimension;
        return (size + 3) & -4L;
    }

    /// The name in experiment files.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
