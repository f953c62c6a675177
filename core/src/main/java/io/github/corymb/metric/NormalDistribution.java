package io.github.corymb.metric;

/// The standard normal distribution, as far as tests of significance need it. Relative error below 1e-13.
final class NormalDistribution {

    /// P(|Z| < z) = 0.95, which is [PairedDifference#CONFIDENCE].
    static final double TWO_SIDED_QUANTILE_95 = 1.959963984540054;

    /// Below it the series is exact and short, above it the continued fraction is.
    private static final double SERIES_LIMIT = 2.0;

    private static final int FRACTION_DEPTH = 200;

    private NormalDistribution() {}

    /// P(|Z| ≥ |z|) = erfc(|z| / √2).
    static double twoSidedP(double z) {
        return complementaryError(Math.abs(z) / Math.sqrt(2));
    }

    /// erfc(x) for x ≥ 0.
    static double complementaryError(double x) {
        return x < SERIES_LIMIT ? 1 - errorBySeries(x) : complementaryErrorByFraction(x);
    }

    /// `erf(x) = 2/√π · e^{−x²} · Σ_n 2^n x^{2n+1} / (1·3·…·(2n+1))`: all terms positive, nothing cancels.
    private static double errorBySeries(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; term > sum * 1e-17; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    /// `erfc(x) = e^{−x²}/√π · 1/(x + ½/(x + 1/(x + 1½/(x + …))))`, from the inside out.
    private static double complementaryErrorByFraction(double x) {
        double fraction = x;
        for (int k = FRACTION_DEPTH; k >= 1; k--) {
            fraction = x + k / 2.0 / fraction;
        }
        return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
    }
}
