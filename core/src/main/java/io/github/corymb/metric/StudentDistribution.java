package io.github.corymb.metric;

/// Student's t distribution with a whole number ν of degrees of freedom, as far as tests of significance need it.
/// Relative error below 1e-12. O(ν) time: meant for few values.
final class StudentDistribution {

    private StudentDistribution() {}

    /// P(|T| ≥ |t|) = I_x(ν/2, ½) at x = ν / (ν + t²).
    static double twoSidedP(double t, int freedom) {
        double square = t * t;
        if (square == Double.POSITIVE_INFINITY) {
            return 0;
        }
        double x = freedom / (freedom + square);
        double y = square / (freedom + square);
        double a = freedom / 2.0;
        double scale = Math.pow(x, a) * Math.sqrt(y) / beta(freedom);
        return square > 1
                ? scale / a * series(a, 0.5, x)
                : 1 - scale / 0.5 * series(0.5, a, y); // I_x(a, b) = 1 − I_y(b, a): where it is the shorter series
    }

    /// The t with P(|T| < t) = `confidence`, by bisection to the last digit.
    static double twoSidedQuantile(double confidence, int freedom) {
        double low = 0;
        double high = 1;
        while (twoSidedP(high, freedom) > 1 - confidence) {
            low = high;
            high *= 2;
        }
        double middle = (low + high) / 2;
        while (low < middle && middle < high) {
            if (twoSidedP(middle, freedom) > 1 - confidence) {
                low = middle;
            } else {
                high = middle;
            }
            middle = (low + high) / 2;
        }
        return middle;
    }

    /// `Σ_n (a + b)_n / (a + 1)_n · x^n`, which is `a B(a, b) I_x(a, b) / (x^a (1 − x)^b)`: all terms positive, nothing
    /// cancels (DLMF 8.17.8).
    private static double series(double a, double b, double x) {
        double term = 1;
        double sum = 1;
        for (int n = 0; term > sum * 1e-17; n++) {
            term *= (a + b + n) / (a + 1 + n) * x;
            sum += term;
        }
        return sum;
    }

    /// B(ν/2, ½), up from B(½, ½) = π or B(1, ½) = 2 by B(a + 1, ½) = B(a, ½) · a / (a + ½).
    private static double beta(int freedom) {
        double value = freedom % 2 == 1 ? Math.PI : 2;
        for (double a = freedom % 2 == 1 ? 0.5 : 1; a < freedom / 2.0; a++) {
            value *= a / (a + 0.5);
        }
        return value;
    }
}
