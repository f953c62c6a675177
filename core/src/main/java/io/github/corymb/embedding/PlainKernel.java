package io.github.corymb.embedding;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/// One float at a time.
final class PlainKernel implements RowKernel {

    @Override
    public void copy(MemorySegment source, long sourceOffset, MemorySegment target, long targetOffset, int length) {
        for (int j = 0; j < length; j++) {
            target.set(JAVA_FLOAT, targetOffset + 4L * j, source.get(JAVA_FLOAT, sourceOffset + 4L * j));
        }
    }

    @Override
    public void add(MemorySegment source, long sourceOffset, MemorySegment target, long targetOffset, int length) {
        for (int j = 0; j < length; j++) {
            long at = targetOffset + 4L * j;
            target.set(JAVA_FLOAT, at, target.get(JAVA_FLOAT, at) + source.get(JAVA_FLOAT, sourceOffset + 4L * j));
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
        for (int j = 0; j < length; j++) {
            long at = targetOffset + 4L * j;
            float scaled = source.get(JAVA_FLOAT, sourceOffset + 4L * j) * factor;
            target.set(JAVA_FLOAT, at, target.get(JAVA_FLOAT, at) + scaled);
        }
    }

    @Override
    public void scale(MemorySegment target, long targetOffset, int length, float factor) {
        for (int j = 0; j < length; j++) {
            long at = targetOffset + 4L * j;
            target.set(JAVA_FLOAT, at, target.get(JAVA_FLOAT, at) * factor);
        }
    }

    @Override
    public void sgd(
            MemorySegment row, long rowOffset, MemorySegment gradient, long gradientOffset, int length, float rate) {
        for (int j = 0; j < length; j++) {
            long at = rowOffset + 4L * j;
            float g = gradient.get(JAVA_FLOAT, gradientOffset + 4L * j);
            row.set(JAVA_FLOAT, at, row.get(JAVA_FLOAT, at) - rate * g);
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
        for (int j = 0; j < length; j++) {
            long at = rowOffset + 4L * j;
            float g = gradient.get(JAVA_FLOAT, gradientOffset + 4L * j);
            float v = row.get(JAVA_FLOAT, stateOffset + 4L * j) + g * g;
            row.set(JAVA_FLOAT, stateOffset + 4L * j, v);
            float step = rate * g / ((float) Math.sqrt(v) + epsilon);
            row.set(JAVA_FLOAT, at, row.get(JAVA_FLOAT, at) - step);
        }
    }

    @Override
    public float sumOfSquares(MemorySegment source, long sourceOffset, int length) {
        float sum = 0;
        for (int j = 0; j < length; j++) {
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
        for (int j = 0; j < length; j++) {
            long at = rowOffset + 4L * j;
            float g = gradient.get(JAVA_FLOAT, gradientOffset + 4L * j);
            float m = beta1 * row.get(JAVA_FLOAT, firstOffset + 4L * j) + factors.beta1Complement() * g;
            float v = beta2 * row.get(JAVA_FLOAT, secondOffset + 4L * j) + factors.beta2Complement() * (g * g);
            row.set(JAVA_FLOAT, firstOffset + 4L * j, m);
            row.set(JAVA_FLOAT, secondOffset + 4L * j, v);
            float step =
                    factors.firstFactor() * m / ((float) Math.sqrt(v) * factors.secondFactor() + factors.epsilon());
            row.set(JAVA_FLOAT, at, row.get(JAVA_FLOAT, at) - step);
        }
    }
}
