package io.github.corymb.embedding;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/// One optimizer step for each distinct row of a batch.
final class RowUpdate {

    /// What an optimizer does to one row.
    private interface RowStep {
        void apply(MemorySegment row, long rowOffset, MemorySegment gradient, long gradientOffset);
    }

    private RowUpdate() {}

    /// @param sums [distinct, D] the summed gradients, to which the weight decay is added
    /// @param rateScale factor of the learning rate
    /// @param step of the whole training, from 1
    static void apply(
            RowKernel kernel, EmbeddingTable table, StepRows distinct, MemorySegment sums, double rateScale, int step) {
        RowStep rowStep = rowStep(kernel, table.spec(), table.dimension(), rateScale, step);
        float l2 = table.spec().l2().floatValue();
        boolean defaultRowLearns = table.defaultRowLearns();
        int dimension = table.dimension();
        Slabs slabs = table.content().rows();
        int[] rows = distinct.rows();
        int count = distinct.distinctCount();
        for (int index = 0; index < count; index++) {
            int row = rows[index];
            if (row == EmbeddingTable.REFUSED || (row == EmbeddingTable.DEFAULT_ROW && !defaultRowLearns)) {
                continue;
            }
            MemorySegment slab = slabs.of(row);
            long offset = slabs.offset(row);
            long gradientOffset = 4L * dimension * index;
            if (l2 != 0) {
                kernel.addScaled(slab, offset, sums, gradientOffset, dimension, l2);
            }
            rowStep.apply(slab, offset, sums, gradientOffset);
            table.touch(row, step);
        }
    }

    private static RowStep rowStep(RowKernel kernel, EmbeddingSpec spec, int dimension, double rateScale, int step) {
        float rate = (float) (spec.rate() * rateScale);
        long state = 4L * dimension; // the optimizer's floats stand behind the weights
        return switch (spec) {
            case EmbeddingSpec.Sgd _ ->
                (row, at, gradient, from) -> kernel.sgd(row, at, gradient, from, dimension, rate);
            case EmbeddingSpec.Adagrad adagrad -> {
                float epsilon = adagrad.epsilon().floatValue();
                yield (row, at, gradient, from) ->
                        kernel.adagrad(row, at, at + state, gradient, from, dimension, rate, epsilon);
            }
            case EmbeddingSpec.RowWiseAdagrad adagrad -> {
                float epsilon = adagrad.epsilon().floatValue();
                yield (row, at, gradient, from) -> {
                    float mean = kernel.sumOfSquares(gradient, from, dimension) / dimension;
                    float v = row.get(JAVA_FLOAT, at + state) + mean;
                    row.set(JAVA_FLOAT, at + state, v);
                    kernel.sgd(row, at, gradient, from, dimension, rate / ((float) Math.sqrt(v) + epsilon));
                };
            }
            case EmbeddingSpec.Adam adam -> {
                RowKernel.AdamFactors factors = adamFactors(adam, rateScale, step);
                yield (row, at, gradient, from) ->
                        kernel.adam(row, at, at + state, at + 2 * state, gradient, from, dimension, factors);
            }
        };
    }

    private static RowKernel.AdamFactors adamFactors(EmbeddingSpec.Adam adam, double rateScale, int step) {
        return new RowKernel.AdamFactors(
                (float) (adam.rate() * rateScale / (1 - Math.pow(adam.beta1(), step))),
                (float) (1 / Math.sqrt(1 - Math.pow(adam.beta2(), step))),
                adam.beta1().floatValue(),
                (float) (1 - adam.beta1()),
                adam.beta2().floatValue(),
                (float) (1 - adam.beta2()),
                adam.epsilon().floatValue());
    }
}
