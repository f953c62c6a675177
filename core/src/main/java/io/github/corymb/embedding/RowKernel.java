package io.github.corymb.embedding;

import java.lang.foreign.MemorySegment;

/// Arithmetic on rows of floats in memory. A place is a segment and an offset in bytes, a multiple of 4; `length`
/// counts floats. Implementations agree to the bit, but for the sum in [#sumOfSquares(MemorySegment, long, int)].
sealed interface RowKernel permits PlainKernel, VectorKernel {

    /// target = source
    void copy(MemorySegment source, long sourceOffset, MemorySegment target, long targetOffset, int length);

    /// target += source
    void add(MemorySegment source, long sourceOffset, MemorySegment target, long targetOffset, int length);

    /// target += factor · source
    void addScaled(
            MemorySegment source, long sourceOffset, MemorySegment target, long targetOffset, int length, float factor);

    /// target *= factor
    void scale(MemorySegment target, long targetOffset, int length, float factor);

    /// w -= rate · g, with the row w at `row` and its gradient g at `gradient`
    void sgd(MemorySegment row, long rowOffset, MemorySegment gradient, long gradientOffset, int length, float rate);

    /// v += g² ; w -= rate · g / (√v + epsilon), with v at `stateOffset` of the row's segment
    void adagrad(
            MemorySegment row,
            long rowOffset,
            long stateOffset,
            MemorySegment gradient,
            long gradientOffset,
            int length,
            float rate,
            float epsilon);

    /// Σ g²
    float sumOfSquares(MemorySegment source, long sourceOffset, int length);

    /// m = β₁ m + (1-β₁) g ; v = β₂ v + (1-β₂) g² ; w -= firstFactor · m / (√v · secondFactor + epsilon), with
    /// m and v at `firstOffset` and `secondOffset` of the row's segment
    void adam(
            MemorySegment row,
            long rowOffset,
            long firstOffset,
            long secondOffset,
            MemorySegment gradient,
            long gradientOffset,
            int length,
            AdamFactors factors);

    /// What Adam needs of a step: rate / (1 - β₁ᵗ), 1 / √(1 - β₂ᵗ), β₁, 1 - β₁, β₂, 1 - β₂ and ε. The complements
    /// are taken in double, since 1 - 0.999f is off by 1e-5 of itself.
    record AdamFactors(
            float firstFactor,
            float secondFactor,
            float beta1,
            float beta1Complement,
            float beta2,
            float beta2Complement,
            float epsilon) {}

    /// The faster one where the JVM was started with its module, the plain one elsewhere.
    static RowKernel best() {
        boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        return vectors ? new VectorKernel() : new PlainKernel();
    }
}
