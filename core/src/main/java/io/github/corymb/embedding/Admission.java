package io.github.corymb.embedding;

/// Decides which keys get a row, by an [AdmissionSpec]. One thread at a time.
final class Admission {

    private final AdmissionSpec spec;
    private final CountingSketch sketch; // null unless the spec counts
    private final long seed;

    private Admission(AdmissionSpec spec, CountingSketch sketch, long seed) {
        this.spec = spec;
        this.sketch = sketch;
        this.seed = seed;
    }

    /// @param spec null to admit all
    /// @param tableSeed of the draws
    static Admission of(AdmissionSpec spec, long tableSeed, TableMemory memory) {
        CountingSketch sketch = spec instanceof AdmissionSpec.Count count ? new CountingSketch(count, memory) : null;
        return new Admission(spec, sketch, Mix.mix(tableSeed, "admission"));
    }

    /// Whether a key without a row, seen in this step, gets one.
    boolean admits(long key, int step) {
        return switch (spec) {
            case null -> true;
            case AdmissionSpec.Probability probability ->
                Mix.unit(Mix.mix(Mix.mix(seed, step), key)) < probability.share();
            case AdmissionSpec.Count count -> {
                if (sketch.count(key) + 1 >= count.threshold()) {
                    yield true;
                }
                sketch.add(key);
                yield false;
            }
        };
    }

    boolean admitsAll() {
        return spec == null;
    }

    /// Null unless keys are counted.
    CountingSketch sketch() {
        return sketch;
    }
}
