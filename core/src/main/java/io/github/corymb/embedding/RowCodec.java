package io.github.corymb.embedding;

/// Rows as they are stored to rows of floats, and back. A place is an address; `length` counts numbers.
/// Implementations agree to the bit.
sealed interface RowCodec permits PlainCodec, VectorCodec {

    int GAMMA = 0x9E3779B9; // 2^32 / golden ratio, odd
    int FIRST_FACTOR = 0x7FEB352D;
    int SECOND_FACTOR = 0x846CA68B;

    /// target = stored
    void read(Storage storage, long stored, long target, int length);

    /// target += stored
    void add(Storage storage, long stored, long target, int length);

    /// stored = source, rounded at random where the storage is of 16 bits, as [Storage] says.
    ///
    /// @param random bits of this row and step
    /// @throws IllegalArgumentException where rows do not learn in the storage
    void round(Storage storage, long source, long stored, int length, long random);

    /// The twin of a kernel. Lanes of 8 are the only ones, so a machine of fewer takes one number at a time.
    static RowCodec of(RowKernel kernel) {
        return switch (kernel) {
            case PlainKernel _ -> new PlainCodec();
            case VectorKernel _ -> VectorKernel.laneCount() == VectorCodec.LANES ? new VectorCodec() : new PlainCodec();
        };
    }

    /// 32 bits for column j of a row. Wellons: Prospecting for Hash Functions, 2018, lowbias32.
    static int random(long random, int column) {
        int x = (int) (random >>> Integer.SIZE) + column * GAMMA;
        x = (x ^ (x >>> 16)) * FIRST_FACTOR;
        x = (x ^ (x >>> 15)) * SECOND_FACTOR;
        return x ^ (x >>> 16);
    }
}
