package io.github.corymb.embedding;

import java.lang.foreign.MemorySegment;

/// Arithmetic on rows of floats in memory. A place is a segment and an offset in bytes, a multiple of 4; `length`
/// counts floats. Implementations agree to the bit, but for the sum in [#rowWiseAdagrad].
sealed interface RowKernel permits PlainKernel {

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

    /// v += g² ; w -= rate · g / (√v + epsilon), with v behind w
    void adagrad(
            MemorySegment row,
            long rowOffset,
            MemorySegment gradient,
            long gradientOffset,
            int length,
            float rate,
            float epsilon);

    /// v += mean g² ; w -= rate / (√v + epsilon) · g, with the one v behind w
    void rowWiseAdagrad(
            MemorySegment row,
            long rowOffset,
            MemorySegment gradient,
            long gradientOffset,
            int length,
            float rate,
            float epsilon);

    /// m, v = the moments behind w ; w -= firstFactor · m / (√v · secondFactor + epsilon)
    void adam(
            MemorySegment row,
            long rowOffset,
            MemorySegment gradient,
            long gradientOffset,
            int length,
            AdamFactors factors);

    /// What Adam needs of a step: rate / (1 - β₁ᵗ), 1 / √(1 - β₂ᵗ), β₁, β₂ and ε.
    record AdamFactors(float firstFactor, float secondFactor, float beta1, float beta2, float epsilon) {}
}
