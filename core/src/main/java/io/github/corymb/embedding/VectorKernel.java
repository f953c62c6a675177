package io.github.corymb.embedding;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Eight floats at a time, or as many as the machine has; the rest of a row one by one. Needs the module
/// `jdk.incubator.vector`.
final class VectorKernel implements RowKernel {

    // Rows are short: with sixteen lanes a row of 8 floats would be all rest.
    private static final VectorSpecies<Float> SPECIES =
            FloatVector.SPECIES_PREFERRED.length() > 8 ? FloatVector.SPECIES_256 : FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private static final VectorShuffle<Float> UP_4 = VectorShuffle.iota(SPECIES, LANES / 2, 1, true);
    private static final VectorShuffle<Float> UP_2 = VectorShuffle.iota(SPECIES, LANES / 4, 1, true);

    private final PlainKernel plain = new PlainKernel(); // for the rest of a row

    static int laneCount() {
        return LANES;
    }

    @Override
    public void copy(long source, long target, int length) {
        int bound = SPECIES.loopBound(length);
        for (int j = 0; j < bound; j += LANES) {
            store(load(source + 4L * j), target + 4L * j);
        }
        for (int j = bound; j < length; j++) {
            Native.putFloat(target + 4L * j, Native.getFloat(source + 4L * j));
        }
    }

    @Override
    public void add(long source, long target, int length) {
        int bound = SPECIES.loopBound(length);
        for (int j = 0; j < bound; j += LANES) {
            store(load(target + 4L * j).add(load(source + 4L * j)), target + 4L * j);
        }
        if (bound < length) {
            plain.add(source + 4L * bound, target + 4L * bound, length - bound);
        }
    }

    @Override
    public void addScaled(long source, long target, int length, float factor) {
        int bound = SPECIES.loopBound(length);
        for (int j = 0; j < bound; j += LANES) {
            store(load(target + 4L * j).add(load(source + 4L * j).mul(factor)), target + 4L * j);
        }
        if (bound < length) {
            plain.addScaled(source + 4L * bound, target + 4L * bound, length - bound, factor);
        }
    }

    @Override
    public void scale(long target, int length, float factor) {
        int bound = SPECIES.loopBound(length);
        for (int j = 0; j < bound; j += LANES) {
            store(load(target + 4L * j).mul(factor), target + 4L * j);
        }
        if (bound < length) {
            plain.scale(target + 4L * bound, length - bound, factor);
        }
    }

    @Override
    public void multiply(long source, long target, int length) {
        int bound = SPECIES.loopBound(length);
        for (int j = 0; j < bound; j += LANES) {
            store(load(target + 4L * j).mul(load(source + 4L * j)), target + 4L * j);
        }
        if (bound < length) {
            plain.multiply(source + 4L * bound, target + 4L * bound, length - bound);
        }
    }

    @Override
    public float sumOfSquares(long source, int length) {
        if (LANES != SUM_LANES || length < LANES) {
            return plain.sumOfSquares(source, length);
        }
        int bound = SPECIES.loopBound(length);
        FloatVector sums = FloatVector.zero(SPECIES);
        for (int j = 0; j < bound; j += LANES) {
            FloatVector g = load(source + 4L * j);
            sums = sums.add(g.mul(g));
        }
        float sum = sum(sums);
        for (int j = bound; j < length; j++) {
            float g = Native.getFloat(source + 4L * j);
            sum += g * g;
        }
        return sum;
    }

    @Override
    public float squaredDistance(long a, long b, int length) {
        if (LANES != SUM_LANES || length < LANES) {
            return plain.squaredDistance(a, b, length);
        }
        int bound = SPECIES.loopBound(length);
        FloatVector sums = FloatVector.zero(SPECIES);
        for (int j = 0; j < bound; j += LANES) {
            FloatVector difference = load(a + 4L * j).sub(load(b + 4L * j));
            sums = sums.add(difference.mul(difference));
        }
        float sum = sum(sums);
        for (int j = bound; j < length; j++) {
            float difference = Native.getFloat(a + 4L * j) - Native.getFloat(b + 4L * j);
            sum += difference * difference;
        }
        return sum;
    }

    @Override
    public void shorten(long row, long from, int length, float factor) {
        int bound = SPECIES.loopBound(length);
        for (int j = 0; j < bound; j += LANES) {
            FloatVector start = load(from + 4L * j);
            store(start.add(load(row + 4L * j).sub(start).mul(factor)), row + 4L * j);
        }
        if (bound < length) {
            plain.shorten(row + 4L * bound, from + 4L * bound, length - bound, factor);
        }
    }

    @Override
    public void sgd(long row, long gradient, int length, float rate) {
        int bound = SPECIES.loopBound(length);
        for (int j = 0; j < bound; j += LANES) {
            store(load(row + 4L * j).sub(load(gradient + 4L * j).mul(rate)), row + 4L * j);
        }
        if (bound < length) {
            plain.sgd(row + 4L * bound, gradient + 4L * bound, length - bound, rate);
        }
    }

    @Override
    public void momentum(long row, long moment, long gradient, int length, float decay, float share, float rate) {
        int bound = SPECIES.loopBound(length);
        for (int j = 0; j < bound; j += LANES) {
            FloatVector g = load(gradient + 4L * j);
            FloatVector m = load(moment + 4L * j).mul(decay).add(g.mul(share));
            store(m, moment + 4L * j);
            store(load(row + 4L * j).sub(m.mul(rate)), row + 4L * j);
        }
        if (bound < length) {
            long rest = 4L * bound;
            plain.momentum(row + rest, moment + rest, gradient + rest, length - bound, decay, share, rate);
        }
    }

    @Override
    public void adagrad(long row, long squares, long gradient, int length, float rate, float epsilon) {
        int bound = SPECIES.loopBound(length);
        for (int j = 0; j < bound; j += LANES) {
            FloatVector g = load(gradient + 4L * j);
            FloatVector v = load(squares + 4L * j).add(g.mul(g));
            store(v, squares + 4L * j);
            FloatVector step = g.mul(rate).div(v.sqrt().add(epsilon));
            store(load(row + 4L * j).sub(step), row + 4L * j);
        }
        if (bound < length) {
            long rest = 4L * bound;
            plain.adagrad(row + rest, squares + rest, gradient + rest, length - bound, rate, epsilon);
        }
    }

    @Override
    public void adam(long row, long first, long second, long gradient, int length, AdamFactors factors) {
        int bound = SPECIES.loopBound(length);
        for (int j = 0; j < bound; j += LANES) {
            FloatVector g = load(gradient + 4L * j);
            FloatVector m = load(first + 4L * j).mul(factors.beta1()).add(g.mul(factors.beta1Complement()));
            FloatVector v =
                    load(second + 4L * j).mul(factors.beta2()).add(g.mul(g).mul(factors.beta2Complement()));
            store(m, first + 4L * j);
            store(v, second + 4L * j);
            FloatVector root = v.sqrt().mul(factors.secondFactor()).add(factors.epsilon());
            FloatVector step = m.mul(factors.firstFactor()).div(root);
            store(load(row + 4L * j).sub(step), row + 4L * j);
        }
        if (bound < length) {
            long rest = 4L * bound;
            plain.adam(row + rest, first + rest, second + rest, gradient + rest, length - bound, factors);
        }
    }

    @Override
    public void ftrl(long row, long sums, long squares, long gradient, int length, FtrlFactors factors) {
        int bound = SPECIES.loopBound(length);
        for (int j = 0; j < bound; j += LANES) {
            FloatVector g = load(gradient + 4L * j);
            FloatVector before = load(squares + 4L * j);
            FloatVector n = before.add(g.mul(g));
            FloatVector root = n.sqrt();
            FloatVector sigma = root.sub(before.sqrt()).div(factors.rate());
            FloatVector z = load(sums + 4L * j).add(g.sub(sigma.mul(load(row + 4L * j))));
            store(n, squares + 4L * j);
            store(z, sums + 4L * j);
            FloatVector divisor = root.add(factors.beta()).div(factors.rate()).add(factors.l2());
            FloatVector size = z.abs().sub(factors.l1()).div(divisor);
            VectorMask<Float> isZero = z.abs().compare(VectorOperators.LE, factors.l1());
            VectorMask<Float> isAbove = z.compare(VectorOperators.GT, 0);
            store(size.blend(size.neg(), isAbove).blend(0, isZero), row + 4L * j);
        }
        if (bound < length) {
            long rest = 4L * bound;
            plain.ftrl(row + rest, sums + rest, squares + rest, gradient + rest, length - bound, factors);
        }
    }

    /// Not `reduceLanes`, whose order is the compiler's and changes as the program warms up.
    private static float sum(FloatVector lanes) {
        FloatVector pairs = lanes.add(lanes.rearrange(UP_4)); // 0 + 4, 1 + 5, 2 + 6, 3 + 7
        FloatVector fours = pairs.add(pairs.rearrange(UP_2)); // of the even lanes, of the odd ones
        return fours.lane(0) + fours.lane(1);
    }

    private static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(SPECIES, Native.MEMORY, address, ORDER);
    }

    private static void store(FloatVector values, long address) {
        values.intoMemorySegment(Native.MEMORY, address, ORDER);
    }
}
