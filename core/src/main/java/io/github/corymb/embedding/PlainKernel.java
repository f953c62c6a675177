package io.github.corymb.embedding;

import static io.github.corymb.embedding.Native.getFloat;
import static io.github.corymb.embedding.Native.putFloat;

/// One float at a time.
final class PlainKernel implements RowKernel {

    @Override
    public void copy(long source, long target, int length) {
        Native.copy(source, target, 4L * length);
    }

    @Override
    public void add(long source, long target, int length) {
        for (int j = 0; j < length; j++) {
            putFloat(target + 4L * j, getFloat(target + 4L * j) + getFloat(source + 4L * j));
        }
    }

    @Override
    public void addScaled(long source, long target, int length, float factor) {
        for (int j = 0; j < length; j++) {
            putFloat(target + 4L * j, getFloat(target + 4L * j) + getFloat(source + 4L * j) * factor);
        }
    }

    @Override
    public void scale(long target, int length, float factor) {
        for (int j = 0; j < length; j++) {
            putFloat(target + 4L * j, getFloat(target + 4L * j) * factor);
        }
    }

    @Override
    public void multiply(long source, long target, int length) {
        for (int j = 0; j < length; j++) {
            putFloat(target + 4L * j, getFloat(target + 4L * j) * getFloat(source + 4L * j));
        }
    }

    @Override
    public float sumOfSquares(long source, int length) {
        float sum = 0;
        int bound = length & -SUM_LANES;
        for (int lane = 0; lane < 2 && bound > 0; lane++) {
            sum += pair(source, lane, bound) + pair(source, lane + 2, bound);
        }
        for (int j = bound; j < length; j++) {
            float g = getFloat(source + 4L * j);
            sum += g * g;
        }
        return sum;
    }

    @Override
    public float squaredDistance(long a, long b, int length) {
        float sum = 0;
        int bound = length & -SUM_LANES;
        for (int lane = 0; lane < 2 && bound > 0; lane++) {
            sum += pair(a, b, lane, bound) + pair(a, b, lane + 2, bound);
        }
        for (int j = bound; j < length; j++) {
            float difference = getFloat(a + 4L * j) - getFloat(b + 4L * j);
            sum += difference * difference;
        }
        return sum;
    }

    /// Lanes `lane` and `lane` + 4 of Σ g².
    private static float pair(long source, int lane, int bound) {
        float first = 0;
        float second = 0;
        for (int j = lane; j < bound; j += SUM_LANES) {
            float g = getFloat(source + 4L * j);
            float h = getFloat(source + 4L * (j + 4));
            first += g * g;
            second += h * h;
        }
        return first + second;
    }

    /// Lanes `lane` and `lane` + 4 of Σ (a - b)².
    private static float pair(long a, long b, int lane, int bound) {
        float first = 0;
        float second = 0;
        for (int j = lane; j < bound; j += SUM_LANES) {
            float g = getFloat(a + 4L * j) - getFloat(b + 4L * j);
            float h = getFloat(a + 4L * (j + 4)) - getFloat(b + 4L * (j + 4));
            first += g * g;
            second += h * h;
        }
        return first + second;
    }

    @Override
    public void shorten(long row, long from, int length, float factor) {
        for (int j = 0; j < length; j++) {
            float start = getFloat(from + 4L * j);
            putFloat(row + 4L * j, start + factor * (getFloat(row + 4L * j) - start));
        }
    }

    @Override
    public void sgd(long row, long gradient, int length, float rate) {
        for (int j = 0; j < length; j++) {
            putFloat(row + 4L * j, getFloat(row + 4L * j) - rate * getFloat(gradient + 4L * j));
        }
    }

    @Override
    public void momentum(long row, long moment, long gradient, int length, float decay, float share, float rate) {
        for (int j = 0; j < length; j++) {
            float m = decay * getFloat(moment + 4L * j) + share * getFloat(gradient + 4L * j);
            putFloat(moment + 4L * j, m);
            putFloat(row + 4L * j, getFloat(row + 4L * j) - rate * m);
        }
    }

    @Override
    public void adagrad(long row, long squares, long gradient, int length, float rate, float epsilon) {
        for (int j = 0; j < length; j++) {
            float g = getFloat(gradient + 4L * j);
            float v = getFloat(squares + 4L * j) + g * g;
            putFloat(squares + 4L * j, v);
            float step = rate * g / ((float) Math.sqrt(v) + epsilon);
            putFloat(row + 4L * j, getFloat(row + 4L * j) - step);
        }
    }

    @Override
    public void adam(long row, long first, long second, long gradient, int length, AdamFactors factors) {
        for (int j = 0; j < length; j++) {
            float g = getFloat(gradient + 4L * j);
            float m = factors.beta1() * getFloat(first + 4L * j) + factors.beta1Complement() * g;
            float v = factors.beta2() * getFloat(second + 4L * j) + factors.beta2Complement() * (g * g);
            putFloat(first + 4L * j, m);
            putFloat(second + 4L * j, v);
            float root = (float) Math.sqrt(v) * factors.secondFactor() + factors.epsilon();
            putFloat(row + 4L * j, getFloat(row + 4L * j) - factors.firstFactor() * m / root);
        }
    }

    @Override
    public void ftrl(long row, long sums, long squares, long gradient, int length, FtrlFactors factors) {
        for (int j = 0; j < length; j++) {
            float g = getFloat(gradient + 4L * j);
            float before = getFloat(squares + 4L * j);
            float n = before + g * g;
            float root = (float) Math.sqrt(n);
            float sigma = (root - (float) Math.sqrt(before)) / factors.rate();
            float z = getFloat(sums + 4L * j) + (g - sigma * getFloat(row + 4L * j));
            putFloat(squares + 4L * j, n);
            putFloat(sums + 4L * j, z);
            float size = (Math.abs(z) - factors.l1()) / ((factors.beta() + root) / factors.rate() + factors.l2());
            putFloat(row + 4L * j, Math.abs(z) <= factors.l1() ? 0 : z > 0 ? -size : size);
        }
    }
}
