package io.github.corymb.embedding;

/// One number at a time.
final class PlainCodec implements RowCodec {

    @Override
    public void read(Storage storage, long stored, long target, int length) {
        read(storage, stored, target, 0, length);
    }

    @Override
    public void add(Storage storage, long stored, long target, int length) {
        add(storage, stored, target, 0, length);
    }

    @Override
    public void round(Storage storage, long source, long stored, int length, long random) {
        round(storage, source, stored, 0, length, random);
    }

    /// Numbers `from` … `length` - 1.
    static void read(Storage storage, long stored, long target, int from, int length) {
        for (int j = from; j < length; j++) {
            Native.putFloat(target + 4L * j, StoredNumber.get(storage, stored, j));
        }
    }

    /// Numbers `from` … `length` - 1.
    static void add(Storage storage, long stored, long target, int from, int length) {
        for (int j = from; j < length; j++) {
            Native.putFloat(target + 4L * j, Native.getFloat(target + 4L * j) + StoredNumber.get(storage, stored, j));
        }
    }

    /// Numbers `from` … `length` - 1.
    static void round(Storage storage, long source, long stored, int from, int length, long random) {
        for (int j = from; j < length; j++) {
            float value = Native.getFloat(source + 4L * j);
            int bits = RowCodec.random(random, j);
            switch (storage) {
                case FLOAT32 -> Native.putFloat(stored + 4L * j, value);
                case BFLOAT16 -> Native.putShort(stored + 2L * j, StoredNumber.bfloat16(value, bits >>> 16));
                case FLOAT16 -> Native.putShort(stored + 2L * j, StoredNumber.float16(value, bits >>> 19));
                case INT8 -> throw new IllegalArgumentException("storage: expected one that learns, found int8");
            }
        }
    }
}
