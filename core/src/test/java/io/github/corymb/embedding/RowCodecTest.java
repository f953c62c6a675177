package io.github.corymb.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Both codecs do the same, up to the end of the row and not beyond it.
class RowCodecTest {

    private static final int LANES = VectorCodec.LANES;
    private static final RowCodec[] CODECS = {new PlainCodec(), new VectorCodec()};
    private static final long GUARD = 0x5A5A5A5A5A5A5A5AL;
    private static final float[] SPECIAL = {
        0f,
        -0f,
        1f,
        -1f,
        0x1p-14f,
        0x1.ffcp-15f,
        -0x1.23456p-17f,
        0x1p-24f,
        0x1p-25f,
        0x1p-40f,
        Float.MIN_VALUE,
        65_504f,
        65_519f,
        -70_000f,
        Float.MAX_VALUE,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.NaN,
        Float.intBitsToFloat(-1)
    };

    static IntStream lengths() {
        return IntStream.of(0, 1, LANES - 1, LANES, LANES + 1, 2 * LANES, 3 * LANES + 2);
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void readAndAddGiveEachNumberAndNothingBeyond(int length) {
        for (Storage storage : Storage.values()) {
            for (RowCodec codec : CODECS) {
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment stored = arena.allocate(storage.size(length) + 8);
                    new SplittableRandom(1)
                            .ints(0, 120)
                            .limit(stored.byteSize())
                            .forEach(new Writer(stored)::put);
                    MemorySegment target = arena.allocate(4L * length + 8);
                    target.set(ValueLayout.JAVA_LONG_UNALIGNED, 4L * length, GUARD);
                    codec.read(storage, stored.address(), target.address(), length);
                    codec.add(storage, stored.address(), target.address(), length);
                    for (int j = 0; j < length; j++) {
                        float expected = formula(storage, stored, j);
                        float found = target.getAtIndex(ValueLayout.JAVA_FLOAT, j);
                        assertEquals(expected + expected, found, storage + " by " + codec.getClass());
                    }
                    assertEquals(GUARD, target.get(ValueLayout.JAVA_LONG_UNALIGNED, 4L * length));
                }
            }
        }
    }

    @Test
    void everyPatternOf16BitsIsReadAsItsNumber() {
        int count = 1 << 16;
        for (RowCodec codec : CODECS) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment stored = arena.allocate(2L * count, 64);
                MemorySegment target = arena.allocate(4L * count, 64);
                for (int pattern = 0; pattern < count; pattern++) {
                    stored.setAtIndex(ValueLayout.JAVA_SHORT, pattern, (short) pattern);
                }
                codec.read(Storage.FLOAT16, stored.address(), target.address(), count);
                for (int pattern = 0; pattern < count; pattern++) {
                    float expected = Float.float16ToFloat((short) pattern); // NaN equals any NaN
                    assertEquals(expected, target.getAtIndex(ValueLayout.JAVA_FLOAT, pattern));
                }
                codec.read(Storage.BFLOAT16, stored.address(), target.address(), count);
                for (int pattern = 0; pattern < count; pattern++) {
                    float expected = Float.intBitsToFloat(pattern << 16);
                    assertEquals(expected, target.getAtIndex(ValueLayout.JAVA_FLOAT, pattern));
                }
            }
        }
    }

    /// |w| in steps of its type is s + f, f below 1; it becomes s + 1 where the random part is at least 1 - f.
    @ParameterizedTest
    @EnumSource(
            value = Storage.class,
            names = {"BFLOAT16", "FLOAT16"})
    void roundTakesTheUpperStepWithTheProbabilityOfTheDistanceFromBelow(Storage storage) {
        SplittableRandom random = new SplittableRandom(2);
        int cut = storage == Storage.BFLOAT16 ? 16 : 13;
        float[] values = new float[1000];
        for (int j = 0; j < values.length; j++) {
            values[j] = (float) ((random.nextDouble() - 0.5) * Math.pow(2, random.nextInt(-22, 10)));
        }
        for (RowCodec codec : CODECS) {
            float[] rounded = round(codec, storage, values, 77);
            for (int j = 0; j < values.length; j++) {
                double step = Math.ulp(values[j]) * (1 << cut);
                double least = storage == Storage.FLOAT16 ? 0x1p-24 : step;
                step = Math.max(step, least);
                double share = (RowCodec.random(77L << 32, j) >>> (Integer.SIZE - cut)) / (double) (1 << cut);
                double steps = Math.floor(Math.abs(values[j]) / step + share);
                assertEquals(Math.copySign(steps * step, values[j]), rounded[j], storage + " of " + values[j]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Storage.class,
            names = {"BFLOAT16", "FLOAT16"})
    void theMeanOfManyRoundingsIsTheNumber(Storage storage) {
        float[] values = new float[64];
        Arrays.fill(values, 0.3f);
        int count = 2000;
        double sum = 0;
        for (int i = 0; i < count; i++) {
            for (float value : round(CODECS[i % 2], storage, values, Mix.mix(i))) {
                sum += value;
            }
        }
        double step = Math.ulp(0.3f) * (storage == Storage.BFLOAT16 ? 1 << 16 : 1 << 13);
        double error = 5 * 0.5 * step / Math.sqrt(count * 64.0); // five standard errors, at most half a step each
        assertEquals(0.3f, sum / (count * 64.0), error);
    }

    @Test
    void whatIsBeyondTheTypeBecomesItsLargestAndNoNumberStaysNone() {
        for (Storage storage : new Storage[] {Storage.BFLOAT16, Storage.FLOAT16}) {
            float limit = storage == Storage.FLOAT16 ? 65_504f : Float.intBitsToFloat(0x7F7F0000);
            float[] plain = round(CODECS[0], storage, SPECIAL, 5);
            assertArrayEquals(plain, round(CODECS[1], storage, SPECIAL, 5));
            for (int j = 0; j < SPECIAL.length; j++) {
                assertTrue(!(Math.abs(plain[j]) > limit), plain[j] + " of " + SPECIAL[j]);
                assertEquals(Float.isNaN(SPECIAL[j]), Float.isNaN(plain[j]));
                if (Math.abs(SPECIAL[j]) >= Float.MAX_VALUE) {
                    assertEquals(Math.copySign(limit, SPECIAL[j]), plain[j]);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void roundWritesItsRowAndNothingBeyond(int length) {
        float[] values = new float[length];
        for (int j = 0; j < length; j++) {
            values[j] = SPECIAL[j % SPECIAL.length] * 0.37f;
        }
        for (Storage storage : new Storage[] {Storage.FLOAT32, Storage.BFLOAT16, Storage.FLOAT16}) {
            assertArrayEquals(round(CODECS[0], storage, values, 9), round(CODECS[1], storage, values, 9));
        }
        float[] same = round(CODECS[1], Storage.FLOAT32, values, 9);
        assertArrayEquals(values, same);
    }

    @Test
    void rowsDoNotLearnInInt8() {
        for (RowCodec codec : CODECS) {
            assertThrows(IllegalArgumentException.class, () -> round(codec, Storage.INT8, new float[9], 1));
        }
    }

    @Test
    void theNearestNumberIsTheEvenOneOfTwoAsNear() {
        try (Arena arena = Arena.ofConfined()) {
            long row = arena.allocate(16).address();
            float[][] cases = {{1 + 0x1p-8f, 1}, {1 + 3 * 0x1p-8f, 1 + 0x1p-6f}, {-1 - 0x1.8p-8f, -1 - 0x1p-7f}};
            for (float[] pair : cases) {
                StoredNumber.put(Storage.BFLOAT16, row, 1, pair[0]);
                assertEquals(pair[1], StoredNumber.get(Storage.BFLOAT16, row, 1));
            }
            for (float value : new float[] {1e6f, -1e6f, 65_519f}) {
                StoredNumber.put(Storage.FLOAT16, row, 1, value);
                assertEquals(Math.copySign(65_504f, value), StoredNumber.get(Storage.FLOAT16, row, 1));
            }
        }
    }

    /// Rounds and reads back; nothing behind the row may change.
    private static float[] round(RowCodec codec, Storage storage, float[] values, long random) {
        long bits = random << 32;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
            long size = (storage == Storage.FLOAT32 ? 4L : 2L) * values.length;
            MemorySegment stored = arena.allocate(size + 8, 8);
            stored.set(ValueLayout.JAVA_LONG_UNALIGNED, size, GUARD);
            codec.round(storage, source.address(), stored.address(), values.length, bits);
            assertEquals(GUARD, stored.get(ValueLayout.JAVA_LONG_UNALIGNED, size));
            float[] found = new float[values.length];
            for (int j = 0; j < found.length; j++) {
                found[j] = StoredNumber.get(storage, stored.address(), j);
            }
            return found;
        }
    }

    private static float formula(Storage storage, MemorySegment stored, int j) {
        return switch (storage) {
            case FLOAT32 -> stored.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * j);
            case BFLOAT16 -> Float.intBitsToFloat(stored.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * j) << 16);
            case FLOAT16 -> Float.float16ToFloat(stored.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * j));
            case INT8 -> {
                float scale = stored.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0);
                float offset = stored.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4);
                yield offset + scale * (stored.get(ValueLayout.JAVA_BYTE, 8L + j) & 0xFF);
            }
        };
    }

    /// Bytes one after the other.
    private static final class Writer {
        private final MemorySegment target;
        private long at;

        Writer(MemorySegment target) {
            this.target = target;
        }

        void put(int value) {
            target.set(ValueLayout.JAVA_BYTE, at++, (byte) value);
        }
    }
}
