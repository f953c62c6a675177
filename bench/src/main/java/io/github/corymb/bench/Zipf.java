package io.github.corymb.bench;

import java.util.SplittableRandom;

/// Draws 0 … n - 1 with probabilities in proportion to (i + 1)^-s, s ≠ 1. Hörmann, Derflinger: Rejection-Inversion to
/// Generate Variates from Monotone Discrete Distributions, ACM TOMACS 1996.
final class Zipf {

    private final double s;
    private final long count;
    private final double first; // H(1.5) - 1
    private final double last; // H(n + 0.5)
    private final double squeeze;

    Zipf(long count, double s) {
        this.count = count;
        this.s = s;
        first = integral(1.5) - 1;
        last = integral(count + 0.5);
        squeeze = 2 - inverse(integral(2.5) - Math.pow(2, -s));
    }

    long next(SplittableRandom random) {
        while (true) {
            double u = last + random.nextDouble() * (first - last);
            double x = inverse(u);
            long k = Math.clamp((long) (x + 0.5), 1, count);
            if (k - x <= squeeze || u >= integral(k + 0.5) - Math.pow((double) k, -s)) {
                return k - 1;
            }
        }
    }

    private double integral(double x) {
        return (Math.pow(x, 1 - s) - 1) / (1 - s);
    }

    private double inverse(double y) {
        return Math.pow(1 + y * (1 - s), 1 / (1 - s));
    }
}
