package io.github.corymb.embedding;

/// From the keys of values to the keys under which a table keeps its rows, which are its buckets, from 1. Key 0, of
/// the default row, stays itself.
///
/// @param kind whether there is any hashing
/// @param rows R + Q where two rows make one, else N; 0 without hashing
record Hashing(Kind kind, int rows) {

    static final Hashing NONE = new Hashing(Kind.NONE, 0);

    /// What becomes of a key.
    enum Kind {
        NONE(0, 1),
        HASH_TRICK(1, 1),
        ADD(2, 2),
        MULTIPLY(3, 2);

        private final int code; // in files
        private final int width; // rows a key

        Kind(int code, int width) {
            this.code = code;
            this.width = width;
        }

        int code() {
            return code;
        }

        /// The kind of a code, or null.
        static Kind of(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            return null;
        }
    }

    /// @param spec null for none
    static Hashing of(HashingSpec spec) {
        return switch (spec) {
            case null -> NONE;
            case HashingSpec.HashTrick trick -> new Hashing(Kind.HASH_TRICK, trick.rows());
            case HashingSpec.QuotientRemainder pair ->
                new Hashing(
                        switch (pair.combine()) {
                            case ADD -> Kind.ADD;
                            case MULTIPLY -> Kind.MULTIPLY;
                        },
                        pair.rows());
        };
    }

    /// How many rows make the embedding of a key: 1 or 2.
    int width() {
        return kind.width;
    }

    boolean isComposed() {
        return kind.width == 2;
    }

    /// Writes what `count` keys become, [#width()] for each, one key's beside each other.
    void map(long[] keys, int from, int count, long[] target, int targetFrom) {
        int to = targetFrom;
        for (int at = from; at < from + count; at++) {
            target[to++] = first(keys[at]);
            if (isComposed()) {
                target[to++] = second(keys[at]);
            }
        }
    }

    /// The bucket of a key, that of its remainder where there are two.
    long first(long key) {
        return switch (kind) {
            case NONE -> key;
            case HASH_TRICK -> key == EmbeddingTable.DEFAULT_KEY ? key : 1 + bucket(key, rows);
            case ADD, MULTIPLY -> key == EmbeddingTable.DEFAULT_KEY ? key : 1 + number(key) % remainderCount();
        };
    }

    /// The bucket of a key's quotient.
    long second(long key) {
        return key == EmbeddingTable.DEFAULT_KEY ? key : 1 + remainderCount() + number(key) / remainderCount();
    }

    /// The mean of the initial weights of a bucket's row.
    int initialMean(long bucket) {
        return kind == Kind.MULTIPLY && bucket > remainderCount() ? 1 : 0;
    }

    /// As a person would call it.
    @Override
    public String toString() {
        return switch (kind) {
            case NONE -> "none";
            case HASH_TRICK -> "hash_trick of %,d rows".formatted(rows);
            case ADD -> "quotient_remainder of %,d rows by add".formatted(rows);
            case MULTIPLY -> "quotient_remainder of %,d rows by multiply".formatted(rows);
        };
    }

    private int remainderCount() {
        return rows - rows / 2;
    }

    private long number(long key) {
        return bucket(key, (long) remainderCount() * (rows / 2));
    }

    /// 0 … n - 1, evenly.
    private static long bucket(long key, long n) {
        return Math.unsignedMultiplyHigh(Mix.mix(key + Mix.GOLDEN_GAMMA), n);
    }
}
