package io.github.corymb.embedding;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// Which keys get a row of their own: `admission` of a table in the experiment file. A key that has none yet reads
/// and trains the table's default row. A key is counted once a step, however often the batch holds it.
///
/// | type | a key gets its row |
/// |---|---|
/// | `count` | in the step that sees it for the `threshold`-th time |
/// | `probability` | in each step that sees it with probability p = 1 - 0.05^(1 / `threshold`) |
///
/// By the second a key has its row after n steps with probability 1 - (1 - p)^n, 95 % after `threshold`. It needs no
/// memory. Both depend on seed and keys alone.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = AdmissionSpec.Count.class, name = "count"),
    @JsonSubTypes.Type(value = AdmissionSpec.Probability.class, name = "probability")
})
public sealed interface AdmissionSpec {

    /// The most steps that can be asked for: what a counter of 16 bits holds.
    int THRESHOLD_LIMIT = 65_535;

    /// Steps that must see a key.
    Integer threshold();

    /// By a [CountingSketch].
    ///
    /// @param threshold from 2
    /// @param capacity how many of the last sightings of keys without a row are remembered, at 16 bytes each; what
    ///     was seen before is forgotten a segment at a time. From 300, default 1,000,000
    /// @param segments of the memory, of which the oldest is forgotten as a new one begins; 5, the default, to 64
    record Count(Integer threshold, Integer capacity, Integer segments) implements AdmissionSpec {
        public Count {
            threshold = Knob.whole("threshold", threshold, 2, 2, THRESHOLD_LIMIT);
            capacity = Knob.whole("capacity", capacity, 1_000_000, 300, 1 << 30);
            segments = Knob.whole("segments", segments, 5, 5, 64);
        }
    }

    /// @param threshold from 2
    record Probability(Integer threshold) implements AdmissionSpec {

        /// Probability that a key seen `threshold` times is still without a row.
        static final double MISS = 0.05;

        public Probability {
            threshold = Knob.whole("threshold", threshold, 2, 2, THRESHOLD_LIMIT);
        }

        /// p of one step.
        double share() {
            return 1 - Math.pow(MISS, 1.0 / threshold);
        }
    }
}
