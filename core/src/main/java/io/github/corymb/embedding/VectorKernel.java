package io.github.corymb.embedding;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Eight floats at a time, or as many as the machine has; the rest of a row one by one. Needs the module
/// `jdk.incubator.vector`.
final class VectorKernel implements RowKernel {

    // Rows are short: with sixteen lanes a row of 8 floats would be all rest.
    private static final VectorSpecies<Float> SPECIES =
            FloatVector.SPECIES_PREFERRED.length() > 8 ? FloatVector.SPECIES_256 : FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private final PlainKernel plain = new PlainKernel(); // for the rest of a row

    static int laneCount() {
        return LANES;
    }

    @Override
    public void copy(MemorySegment source, long sourceOffset, MemorySegment target, long targetOffset, int length) {
        int bound = SPECIES.loopBound(length);
        for (int j = 0; j < bound; j += LANES) {
            load(source, sourceOffset + 4L * j).intoMemorySegment(target, targetOffset + 4L * j, ORDER);
        }
        if (bound < length) {
            plain.copy(source, sourceOffset + 4L * bound, target, targetOffset + 4L * bound, length - bound);
        }
    }

    @Override
    public void add(MemorySegment source, long sourceOffset, MemorySegment target, long targetOffset, int length) {
        int bound = SPECIES.loopBound(length);
        for (int j = 0; j < bound; j += LANES) {
            long at = targetOffset + 4L * j;
            load(target, at).add(load(source, sourceOffset + 4L * j)).intoMemorySegment(target, at, ORDER);
        }
        if (bound < length) {
            plain.add(source, sourceOffset + 4L * bound, target, targetOffset + 4L * bound, length - bound);
        }
    }

    @Override
    public void addScaled(
            MemorySegment source,
            long sourceOffset,
            MemorySegment target,
            long targetOffset,
            int length,
            float factor) {
        int bound = SPECIES.loopBound(length);
        for (int j = 0; j < bound; j += LANES) {
            long at = targetOffset + 4L * j;
            FloatVector scaled = load(source, sourceOffset + 4L * j).mul(factor);
            load(target, at).add(scaled).intoMemorySegment(target, at, ORDER);
        }
        if (bound < length) {
            plain.addScaled(
                    source, sourceOffset + 4L * bound, target, targetOffset + 4L * bound, length - bound, factor);
        }
    }

    @Override
    public void scale(MemorySegment target, long targetOffset, int length, float factor) {
        int bound = SPECIES.loopBound(length);
        for (int j = 0; j < bound; j += LANES) {
            long at = targetOffset + 4L * j;
            load(target, at).mul(factor).intoMemorySegment(target, at, ORDER);
        }
        if (bound < length) {
            plain.scale(target, targetOffset + 4L * bound, length - bound, factor);
        }
    }

    @Override
    public void sgd(
            MemorySegment row, long rowOffset, MemorySegment gradient, long gradientOffset, int length, float rate) {
        int bound = SPECIES.loopBound(length);
        for (int j = 0; j < bound; j += LANES) {
            long at = rowOffset + 4L * j;
            FloatVector step = load(gradient, gradientOffset + 4L * j).mul(rate);
            load(row, at).sub(step).intoMemorySegment(row, at, ORDER);
        }
        if (bound < length) {
            plain.sgd(row, rowOffset + 4L * bound, gradient, gradientOffset + 4L * bound, length - bound, rate);
        }
    }

    @Override
    public void adagrad(
            MemorySegment row,
            long rowOffset,
            long stateOffset,
            MemorySegment gradient,
            long gradientOffset,
            int length,
            float rate,
            float epsilon) {
        int bound = SPECIES.loopBound(length);
        for (int j = 0; j < bound; j += LANES) {
            long at = rowOffset + 4L * j;
            FloatVector g = load(gradient, gradientOffset + 4L * j);
            FloatVector v = load(row, stateOffset + 4L * j).add(g.mul(g));
            v.intoMemorySegment(row, stateOffset + 4L * j, ORDER);
            FloatVector step = g.mul(rate).div(v.sqrt().add(epsilon));
            load(row, at).sub(step).intoMemorySegment(row, at, ORDER);
        }
        if (bound < length) {
            long rest = 4L * bound;
            plain.adagrad(
                    row,
                    rowOffset + rest,
                    stateOffset + rest,
                    gradient,
                    gradientOffset + rest,
                    length - bound,
                    rate,
                    epsilon);
        }
    }

    @Override
    public float sumOfSquares(MemorySegment source, long sourceOffset, int length) {
        int bound = SPECIES.loopBound(length);
        FloatVector sums = FloatVector.zero(SPECIES);
        for (int j = 0; j < bound; j += LANES) {
            FloatVector g = load(source, sourceOffset + 4L * j);
            sums = sums.add(g.mul(g));
        }
        float sum = bound == 0 ? 0 : sums.reduceLanes(VectorOperators.ADD);
        for (int j = bound; j < length; j++) {
            float g = source.get(JAVA_FLOAT, sourceOffset + 4L * j);
            sum += g * g;
        }
        return sum;
    }

    @Override
    public void adam(
            MemorySegment row,
            long rowOffset,
            long firstOffset,
            long secondOffset,
            MemorySegment gradient,
            long gradientOffset,
            int length,
            AdamFactors factors) {
        float beta1 = factors.beta1();
        float beta2 = factors.beta2();
        int bound = SPECIES.loopBound(length);
        for (int j = 0; j < bound; j += LANES) {
            long at = rowOffset + 4L * j;
            FloatVector g = load(gradient, gradientOffset + 4L * j);
            FloatVector m = load(row, firstOffset + 4L * j).mul(beta1).add(g.mul(factors.beta1Complement()));
            FloatVector v =
                    load(row, secondOffset + 4L * j).mul(beta2).add(g.mul(g).mul(factors.beta2Complement()));
            m.intoMemorySegment(row, firstOffset + 4L * j, ORDER);
            v.intoMemorySegment(row, secondOffset + 4L * j, ORDER);
            FloatVector root = v.sqrt().mul(factors.secondFactor()).add(factors.epsilon());
            FloatVector step = m.mul(factors.firstFactor()).div(root);
            load(row, at).sub(step).intoMemorySegment(row, at, ORDER);
        }
        if (bound < length) {
            long rest = 4L * bound;
            plain.adam(
                    row,
                    rowOffset + rest,
                    firstOffset + rest,
                    secondOffset + rest,
                    gradient,
                    gradientOffset + rest,
                    length - bound,
                    factors);
        }
    }

    private static FloatVector load(MemorySegment source, long offset) {
        return FloatVector.fromMemorySegment(SPECIES, source, offset, ORDER);
    }
}
