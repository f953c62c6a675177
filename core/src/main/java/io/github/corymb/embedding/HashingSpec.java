package io.github.corymb.embedding;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// A table of fixed size: `hashing` of a table in the experiment file. Keys are not kept; each takes the row, or the
/// two rows, that its hash h says, and shares them with the keys that chance puts there. Nothing is admitted, given
/// up or read from a file of initial rows.
///
/// | type | the embedding z of a key |
/// |---|---|
/// | `hash_trick` | row h mod N |
/// | `quotient_remainder` | row h mod R of one half and row (h mod R Q) div R of the other, added or multiplied |
///
/// Weinberger, Dasgupta, Langford, Smola, Attenberg: Feature Hashing for Large Scale Multitask Learning, ICML 2009.
/// Shi, Mudigere, Naumov, Yang: Compositional Embeddings Using Complementary Partitions for Memory-Efficient
/// Recommendation Systems, KDD 2020.
///
/// Differs from the papers: h mod n is taken from the upper bits, ⌊h n / 2⁶⁴⌋; a row takes memory when its first key
/// comes; and since keys are of 64 bits and not numbered, they are hashed to R Q numbers first.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = HashingSpec.HashTrick.class, name = "hash_trick"),
    @JsonSubTypes.Type(value = HashingSpec.QuotientRemainder.class, name = "quotient_remainder")
})
public sealed interface HashingSpec {

    /// The most rows of a table.
    int ROWS_LIMIT = 1 << 30;

    /// N, the most rows that there are, beside the default row.
    Integer rows();

    /// One row a key.
    ///
    /// @param rows N, at least 1
    record HashTrick(Integer rows) implements HashingSpec {
        public HashTrick {
            rows = required(rows, 1);
        }
    }

    /// Two rows a key.
    ///
    /// @param rows R + Q, at least 2, of which R = ⌈rows / 2⌉ are for remainders and Q = ⌊rows / 2⌋ for quotients
    /// @param combine how two rows become one, default multiply
    record QuotientRemainder(Integer rows, Combine combine) implements HashingSpec {
        public QuotientRemainder {
            rows = required(rows, 2);
            combine = combine == null ? Combine.MULTIPLY : combine;
        }
    }

    /// How two rows become one.
    enum Combine {
        /// z = a + b
        ADD,
        /// z = a ⊙ b; rows of quotients begin around 1, so that z begins as the rows of other tables do
        MULTIPLY
    }

    private static int required(Integer rows, int least) {
        if (rows == null) {
            throw new IllegalArgumentException(
                    "rows: expected from %,d to %,d, found none".formatted(least, ROWS_LIMIT));
        }
        return Knob.whole("rows", rows, least, least, ROWS_LIMIT);
    }
}
