package io.github.corymb.embedding;

/// Arithmetic on rows of floats in native memory. A place is an address, a multiple of 4; `length` counts floats.
/// Implementations agree to the bit. For that, sums over a row have one order: as many full eights as there are make
/// eight lanes, these are added as ((0 + 4) + (2 + 6)) + ((1 + 5) + (3 + 7)), and the rest follows one by one.
sealed interface RowKernel permits PlainKernel, VectorKernel {

    int SUM_LANES = 8;

    /// target = source
    void copy(long source, long target, int length);

    /// target += source
    void add(long source, long target, int length);

    /// target += factor · source
    void addScaled(long source, long target, int length, float factor);

    /// target *= factor
    void scale(long target, int length, float factor);

    /// target *= source, each by each
    void multiply(long source, long target, int length);

    /// Σ g²
    float sumOfSquares(long source, int length);

    /// Σ (a - b)²
    float squaredDistance(long a, long b, int length);

    /// w = from + factor · (w - from)
    void shorten(long row, long from, int length, float factor);

    /// w -= rate · g
    void sgd(long row, long gradient, int length, float rate);

    /// m = decay · m + share · g ; w -= rate · m
    void momentum(long row, long moment, long gradient, int length, float decay, float share, float rate);

    /// v += g² ; w -= rate · g / (√v + epsilon)
    void adagrad(long row, long squares, long gradient, int length, float rate, float epsilon);

    /// m = β₁ m + (1-β₁) g ; v = β₂ v + (1-β₂) g² ; w -= firstFactor · m / (√v · secondFactor + epsilon)
    void adam(long row, long first, long second, long gradient, int length, AdamFactors factors);

    /// n' = n + g² ; z += g - (√n' - √n) / rate · w ; n = n' ;
    /// w = 0 where |z| ≤ l1, and -sgn(z) · (|z| - l1) / ((beta + √n) / rate + l2) elsewhere
    void ftrl(long row, long sums, long squares, long gradient, int length, FtrlFactors factors);

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

    /// What FTRL needs of a step.
    record FtrlFactors(float rate, float beta, float l1, float l2) {}

    /// The faster one where the JVM can be brought to it, the plain one elsewhere.
    static RowKernel best() {
        return VectorModule.IS_THERE ? new VectorKernel() : new PlainKernel();
    }
}
