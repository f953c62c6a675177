package io.github.corymb.feature;

/// Mean and variance of numbers that come one after another:
///
///     mean_n = mean_(n−1) + (x − mean_(n−1)) / n
///     M2_n = M2_(n−1) + (x − mean_(n−1)) (x − mean_n)          variance = M2_n / n
///
/// Welford, "Note on a method for calculating corrected sums of squares and products", Technometrics 4(3), 1962.
final class Moments {

    private long count;
    private double mean;
    private double squares; // M2

    void add(double x) {
        count++;
        double before = x - mean;
        mean += before / count;
        squares += before * (x - mean);
    }

    long count() {
        return count;
    }

    /// 0 of no numbers.
    double mean() {
        return mean;
    }

    /// 0 of no numbers.
    double standardDeviation() {
        return count == 0 ? 0 : Math.sqrt(squares / count);
    }
}
