package io.github.corymb.tensor;

/// Φ, the distribution function of the standard normal distribution.
final class NormalDistribution {

    private static final int TERM_COUNT = 200;

    private NormalDistribution() {}

    /// ½ + φ(x) (x + x³/3 + x⁵/(3·5) + …), to double precision for |x| below 6; 0 or 1 beyond.
    static double cumulative(double x) {
        if (Math.abs(x) > 6) {
            return x > 0 ? 1 : 0;
        }
        double term = x;
        double sum = x;
        for (int i = 1; i < TERM_COUNT; i++) {
            term *= x * x / (2 * i + 1);
            sum += term;
        }
        return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }
}
