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
            MemorySegment source, long sourceOffset, MemorySegment target, long targetOffset, int length, float factor) {
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
            MemorySegment gradient,
            long gradientOffset,
            int length,
            float rate,
            float epsilon) {
        long state = 4L * length;
        for (int j = 0; j < length; j++) {
            long at = rowOffset + 4L * j;
            float g = gradient.get(JAVA_FLOAT, gradientOffset + 4L * j);
            float v = row.get(JAVA_FLOAT, at + state) + g * g;
            row.set(JAVA_FLOAT, at + state, v);
            float step = rate * g / ((float) Math.sqrt(v) + epsilon);
            row.set(JAVA_FLOAT, at, row.get(JAVA_FLOAT, at) - step);
        }
    }

    @Override
    public void rowWiseAdagrad(
            MemorySegment row,
            long rowOffset,
            MemorySegment gradient,
            long gradientOffset,
            int length,
            float rate,
            float epsilon) {
        float sum = 0;
        for (int j = 0; j < length; j++) {
            float g = gradient.get(JAVA_FLOAT, gradientOffset + 4L * j);
            sum += g * g;
        }
        long state = rowOffset + 4L * length;
        float v = row.get(JAVA_FLOAT, state) + sum / length;
        row.set(JAVA_FLOAT, state, v);
        sgd(row, rowOffset, gradient, gradientOffset, length, rate / ((float) Math.sqrt(v) + epsilon));
    }

    @Override
    public void adam(
            MemorySegment row,
            long rowOffset,
            MemorySegment gradient,
            long gradientOffset,
            int length,
            AdamFactors factors) {
        float beta1 = factors.beta1();
        float beta2 = factors.beta2();
        long first = 4L * length;
        long second = 8L * length;
        for (int j = 0; j < length; j++) {
            long at = rowOffset + 4L * j;
            float g = gradient.get(JAVA_FLOAT, gradientOffset + 4L * j);
            float m = beta1 * row.get(JAVA_FLOAT, at + first) + (1 - beta1) * g;
            float v = beta2 * row.get(JAVA_FLOAT, at + second) + (1 - beta2) * (g * g);
            row.set(JAVA_FLOAT, at + first, m);
            row.set(JAVA_FLOAT, at + second, v);
            float step = factors.firstFactor() * m / ((float) Math.sqrt(v) * factors.secondFactor() + factors.epsilon());
            row.set(JAVA_FLOAT, at, row.get(JAVA_FLOAT, at) - step);
        }
    }
}
