package io.github.corymb.bench;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/// Zipf's law over the numbers from 0 to n − 1: number i has a share proportional to (i + 1)^−s.
final class Zipf {

    private final double[] upTo; // the share of all numbers up to i

    Zipf(int count, double exponent) {
        upTo = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Math.pow(i + 1, -exponent);
            upTo[i] = sum;
        }
    }

    int next(RandomGenerator random) {
        int at = Arrays.binarySearch(upTo, random.nextDouble() * upTo[upTo.length - 1]);
        return at >= 0 ? at : -at - 1;
    }
}
