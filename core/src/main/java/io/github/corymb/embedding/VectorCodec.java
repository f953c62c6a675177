package io.github.corymb.embedding;

import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Eight numbers at a time, the rest of a row one by one. Needs the module `jdk.incubator.vector`.
final class VectorCodec implements RowCodec {

    static final int LANES = 8;

    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_256;
    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_128;
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_64;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final float FLOAT16_REBIAS = 0x1p112f;

    private static final IntVector COLUMNS = IntVector.zero(INTS).addIndex(1).mul(GAMMA);

    @Override
    public void read(Storage storage, long stored, long target, int length) {
        take(storage, stored, target, length, false);
        PlainCodec.read(storage, stored, target, FLOATS.loopBound(length), length);
    }

    @Override
    public void add(Storage storage, long stored, long target, int length) {
        take(storage, stored, target, length, true);
        PlainCodec.add(storage, stored, target, FLOATS.loopBound(length), length);
    }

    @Override
    public void round(Storage storage, long source, long stored, int length, long random) {
        int bound = FLOATS.loopBound(length);
        switch (storage) {
            case FLOAT32 -> takeFloats(source, stored, bound, false);
            case BFLOAT16 -> roundBfloats(source, stored, bound, random);
            case FLOAT16 -> roundHalves(source, stored, bound, random);
            case INT8 -> {} // refused below
        }
        PlainCodec.round(storage, source, stored, bound, length, random);
    }

    private static void take(Storage storage, long stored, long target, int length, boolean isSum) {
        int bound = FLOATS.loopBound(length);
        switch (storage) {
            case FLOAT32 -> takeFloats(stored, target, bound, isSum);
            case BFLOAT16 -> takeBfloats(stored, target, bound, isSum);
            case FLOAT16 -> takeHalves(stored, target, bound, isSum);
            case INT8 -> takeBytes(stored, target, bound, isSum);
        }
    }

    private static void takeFloats(long stored, long target, int bound, boolean isSum) {
        for (int j = 0; j < bound; j += LANES) {
            put(FloatVector.fromMemorySegment(FLOATS, Native.MEMORY, stored + 4L * j, ORDER), target + 4L * j, isSum);
        }
    }

    private static void takeBfloats(long stored, long target, int bound, boolean isSum) {
        for (int j = 0; j < bound; j += LANES) {
            IntVector bits = shorts(stored + 2L * j).lanewise(VectorOperators.LSHL, StoredNumber.BFLOAT16_CUT);
            put(bits.reinterpretAsFloats(), target + 4L * j, isSum);
        }
    }

    private static void takeHalves(long stored, long target, int bound, boolean isSum) {
        for (int j = 0; j < bound; j += LANES) {
            IntVector bits = shorts(stored + 2L * j);
            IntVector magnitude = bits.and(0x7FFF).lanewise(VectorOperators.LSHL, StoredNumber.FLOAT16_CUT);
            VectorMask<Integer> isBeyond = magnitude.compare(VectorOperators.GT, 0x7BFF << StoredNumber.FLOAT16_CUT);
            // the factor brings exponents where a float has them, and numbers without a leading 1 to one that has
            IntVector number =
                    magnitude.reinterpretAsFloats().mul(FLOAT16_REBIAS).reinterpretAsInts();
            IntVector sign = bits.and(StoredNumber.SIGN).lanewise(VectorOperators.LSHL, StoredNumber.SIGN_SHIFT);
            IntVector whole =
                    number.blend(magnitude.or(StoredNumber.INFINITY), isBeyond).or(sign);
            put(whole.reinterpretAsFloats(), target + 4L * j, isSum);
        }
    }

    private static void takeBytes(long stored, long target, int bound, boolean isSum) {
        if (bound == 0) {
            return;
        }
        float scale = Native.getFloat(stored);
        float offset = Native.getFloat(stored + Float.BYTES);
        for (int j = 0; j < bound; j += LANES) {
            FloatVector q = (FloatVector)
                    ByteVector.fromMemorySegment(BYTES, Native.MEMORY, stored + 2L * Float.BYTES + j, ORDER)
                            .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                            .convert(VectorOperators.I2F, 0);
            put(q.mul(scale).add(offset), target + 4L * j, isSum);
        }
    }

    private static void roundBfloats(long source, long stored, int bound, long random) {
        for (int j = 0; j < bound; j += LANES) {
            IntVector bits = FloatVector.fromMemorySegment(FLOATS, Native.MEMORY, source + 4L * j, ORDER)
                    .reinterpretAsInts();
            IntVector magnitude = bits.and(StoredNumber.MAGNITUDE);
            IntVector cut = magnitude
                    .add(random(random, j).lanewise(VectorOperators.LSHR, Integer.SIZE - StoredNumber.BFLOAT16_CUT))
                    .lanewise(VectorOperators.LSHR, StoredNumber.BFLOAT16_CUT)
                    .min(StoredNumber.BFLOAT16_MAX);
            store(cut, StoredNumber.BFLOAT16_NAN, magnitude, bits, stored + 2L * j);
        }
    }

    private static void roundHalves(long source, long stored, int bound, long random) {
        for (int j = 0; j < bound; j += LANES) {
            FloatVector value = FloatVector.fromMemorySegment(FLOATS, Native.MEMORY, source + 4L * j, ORDER);
            IntVector bits = value.reinterpretAsInts();
            IntVector magnitude = bits.and(StoredNumber.MAGNITUDE);
            IntVector units = magnitude.sub(StoredNumber.FLOAT16_REBIAS);
            VectorMask<Integer> isSmall = magnitude.compare(VectorOperators.LT, StoredNumber.FLOAT16_NORMAL);
            if (isSmall.anyTrue()) {
                FloatVector small = value.abs().mul(StoredNumber.FLOAT16_UNITS);
                units = units.blend(small.convert(VectorOperators.F2I, 0), isSmall);
            }
            IntVector cut = units.add(
                            random(random, j).lanewise(VectorOperators.LSHR, Integer.SIZE - StoredNumber.FLOAT16_CUT))
                    .lanewise(VectorOperators.LSHR, StoredNumber.FLOAT16_CUT)
                    .min(StoredNumber.FLOAT16_MAX);
            store(cut, StoredNumber.FLOAT16_NAN, magnitude, bits, stored + 2L * j);
        }
    }

    /// As [RowCodec#random(long, int)].
    private static IntVector random(long random, int column) {
        IntVector x = COLUMNS.add((int) (random >>> Integer.SIZE) + column * GAMMA);
        x = x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 16))
                .mul(FIRST_FACTOR);
        x = x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 15))
                .mul(SECOND_FACTOR);
        return x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 16));
    }

    private static IntVector shorts(long address) {
        return (IntVector) ShortVector.fromMemorySegment(SHORTS, Native.MEMORY, address, ORDER)
                .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
    }

    private static void put(FloatVector values, long address, boolean isSum) {
        FloatVector all = isSum
                ? FloatVector.fromMemorySegment(FLOATS, Native.MEMORY, address, ORDER)
                        .add(values)
                : values;
        all.intoMemorySegment(Native.MEMORY, address, ORDER);
    }

    /// Stores numbers of 16 bits with their signs, and what is no number as `nan`.
    private static void store(IntVector cut, int nan, IntVector magnitude, IntVector bits, long address) {
        IntVector sign =
                bits.lanewise(VectorOperators.LSHR, StoredNumber.SIGN_SHIFT).and(StoredNumber.SIGN);
        IntVector all = cut.blend(nan, magnitude.compare(VectorOperators.GT, StoredNumber.INFINITY))
                .or(sign);
        ((ShortVector) all.convertShape(VectorOperators.I2S, SHORTS, 0))
                .intoMemorySegment(Native.MEMORY, address, ORDER);
    }
}
