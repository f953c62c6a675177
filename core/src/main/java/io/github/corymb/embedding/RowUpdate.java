package io.github.corymb.embedding;

/// One step of a table's optimizer: duplicates are summed, then every distinct row moves once.
final class RowUpdate {

    /// The least |w| that `row_clip` reckons with, so that a row of zeros can move; as for the gradients of Brock et
    /// al., 2021.
    static final double CLIP_FLOOR = 1e-3;

    /// What an optimizer does to weights and its own floats with a gradient, each at an address.
    private interface RowStep {
        void apply(long row, long state, long gradient);
    }

    private final RowKernel kernel;
    private final RowCodec codec;
    private final EmbeddingTable table;
    private final Storage storage;
    private final int dimension;
    private final long roundingSeed; // of the table and the step
    private final RowStep rowStep;
    private final float l2; // 0 where the optimizer has its own way with it
    private final float kept; // 1 - rate · weight_decay
    private final double rowClip; // infinite for none
    private final boolean defaultRowLearns;
    private final int step;

    /// @param rateScale factor of the learning rate
    /// @param step of the whole training, from 1
    RowUpdate(RowKernel kernel, EmbeddingTable table, double rateScale, int step) {
        this.kernel = kernel;
        this.codec = RowCodec.of(kernel);
        this.table = table;
        this.step = step;
        EmbeddingSpec spec = table.spec();
        dimension = table.dimension();
        storage = table.storage();
        roundingSeed = Mix.mix(Mix.mix(table.seed(), "rounding"), step);
        rowStep = rowStep(kernel, spec, dimension, rateScale, step);
        l2 = spec instanceof EmbeddingSpec.Ftrl ? 0 : spec.l2().floatValue();
        kept = (float) (1 - spec.rate() * rateScale * spec.weightDecay());
        rowClip = spec.rowClip() == null ? Double.POSITIVE_INFINITY : spec.rowClip();
        defaultRowLearns = table.defaultRowLearns();
    }

    /// How many floats of scratch any part needs.
    static long scratchLength(StepRows rows, int dimensionLimit) {
        return Math.max(rows.sumLimit(), dimensionLimit) + 2L * dimensionLimit;
    }

    /// Moves the rows of a part, but for the default row. Any number of threads, each with a part and a scratch of its
    /// own.
    ///
    /// @param gradient address of [B, ΣD]
    /// @param scratch address of as many floats as [#scratchLength(StepRows, int)] says
    void apply(StepRows lookups, int part, long gradient, long scratch, ReadAhead ahead) {
        int start = lookups.start(part);
        int count = lookups.distinctCount(part);
        int[] rows = lookups.rows();
        long sums = scratch + 2 * 4L * dimension; // [distinct, D]
        LearningRows learning = table.rows();
        Native.clear(sums, 4L * dimension * count);
        sum(lookups, part, gradient, sums, ahead);
        for (int index = 0; index < count; index++) {
            if (index % ReadAhead.LIMIT == 0) {
                learning.readAhead(rows, start + index, start + Math.min(count, index + ReadAhead.LIMIT), ahead);
            }
            int row = rows[start + index];
            if (row != EmbeddingTable.DEFAULT_ROW) {
                move(row, lookups.keys()[start + index], sums + 4L * dimension * index, scratch);
                learning.touch(row, step);
            }
        }
    }

    /// Moves the default row, if it learns and was looked up, by the gradients of lookups in all parts of the table, in
    /// the order of parts.
    ///
    /// @param t number of the table
    /// @param scratch as for a part
    void applyDefault(StepRows lookups, int t, long gradient, long scratch) {
        if (!defaultRowLearns) {
            return;
        }
        long sum = scratch + 2 * 4L * dimension; // [D]
        Native.clear(sum, 4L * dimension);
        int lookupCount = 0;
        int[] rows = lookups.rows();
        int[] indices = lookups.indices();
        SortedLookups sorted = lookups.sorted();
        int end = lookups.start(lookups.firstPart(t + 1));
        for (int at = lookups.start(lookups.firstPart(t)); at < end; at++) {
            if (rows[indices[at]] == EmbeddingTable.DEFAULT_ROW) {
                kernel.addScaled(gradient + 4L * sorted.column(at), sum, dimension, sorted.factor(at));
                lookupCount++;
            }
        }
        if (lookupCount > 0) {
            move(EmbeddingTable.DEFAULT_ROW, EmbeddingTable.DEFAULT_KEY, sum, scratch);
            table.rows().touch(EmbeddingTable.DEFAULT_ROW, step);
        }
    }

    /// Adds the gradient of each lookup to the sum of its row, in order.
    private void sum(StepRows lookups, int part, long gradient, long sums, ReadAhead ahead) {
        int start = lookups.start(part);
        int end = lookups.start(part + 1);
        long[] places = ahead.addresses();
        SortedLookups sorted = lookups.sorted();
        int[] indices = lookups.indices();
        for (int block = start; block < end; block += ReadAhead.LIMIT) {
            int blockEnd = Math.min(end, block + ReadAhead.LIMIT);
            for (int at = block; at < blockEnd; at++) {
                places[at - block] = gradient + 4L * sorted.column(at);
            }
            ahead.read(blockEnd - block, 4L * dimension);
            for (int at = block; at < blockEnd; at++) {
                long target = sums + 4L * dimension * (indices[at] - start);
                kernel.addScaled(places[at - block], target, dimension, sorted.factor(at));
            }
        }
    }

    /// @param scratch place for two rows of floats
    private void move(int row, long key, long gradient, long scratch) {
        long stored = table.rows().bodies().at(row);
        long state = table.rows().states().at(row);
        if (storage == Storage.FLOAT32) {
            step(stored, state, gradient, scratch);
            return;
        }
        long weights = scratch + 4L * dimension;
        codec.read(storage, stored, weights, dimension);
        step(weights, state, gradient, scratch);
        codec.round(storage, weights, stored, dimension, Mix.mix(roundingSeed, key));
    }

    /// @param before place for the row as it was
    private void step(long row, long state, long gradient, long before) {
        if (l2 != 0) {
            kernel.addScaled(row, gradient, dimension, l2);
        }
        if (kept != 1) {
            kernel.scale(row, dimension, kept);
        }
        if (rowClip == Double.POSITIVE_INFINITY) {
            rowStep.apply(row, state, gradient);
            return;
        }
        kernel.copy(row, before, dimension);
        rowStep.apply(row, state, gradient);
        double limit = rowClip * Math.max(CLIP_FLOOR, Math.sqrt(kernel.sumOfSquares(before, dimension)));
        double length = Math.sqrt(kernel.squaredDistance(row, before, dimension));
        if (length > limit) {
            kernel.shorten(row, before, dimension, (float) (limit / length));
        }
    }

    private static RowStep rowStep(RowKernel kernel, EmbeddingSpec spec, int dimension, double rateScale, int step) {
        double scaled = spec.rate() * rateScale;
        float rate = (float) scaled;
        long second = 4L * dimension; // from the optimizer's first floats to its second ones
        return switch (spec) {
            case EmbeddingSpec.Sgd sgd
            when sgd.momentum() == 0 -> (row, _, gradient) -> kernel.sgd(row, gradient, dimension, rate);
            case EmbeddingSpec.Sgd sgd -> {
                float momentum = sgd.momentum().floatValue();
                yield (row, state, gradient) -> kernel.momentum(row, state, gradient, dimension, momentum, 1, rate);
            }
            case EmbeddingSpec.Adagrad adagrad -> {
                float epsilon = adagrad.epsilon().floatValue();
                yield (row, state, gradient) -> kernel.adagrad(row, state, gradient, dimension, rate, epsilon);
            }
            case EmbeddingSpec.RowWiseAdagrad adagrad -> {
                float epsilon = adagrad.epsilon().floatValue();
                yield (row, state, gradient) -> {
                    float v = Native.getFloat(state) + kernel.sumOfSquares(gradient, dimension) / dimension;
                    Native.putFloat(state, v);
                    kernel.sgd(row, gradient, dimension, rate / ((float) Math.sqrt(v) + epsilon));
                };
            }
            case EmbeddingSpec.Adam adam -> {
                RowKernel.AdamFactors factors = adamFactors(scaled, adam.beta1(), adam.beta2(), adam.epsilon(), step);
                yield (row, state, gradient) -> kernel.adam(row, state, state + second, gradient, dimension, factors);
            }
            case EmbeddingSpec.RowWiseAdam adam -> {
                RowKernel.AdamFactors factors = adamFactors(scaled, adam.beta1(), adam.beta2(), adam.epsilon(), step);
                yield (row, state, gradient) -> rowWiseAdam(kernel, row, state, gradient, dimension, factors);
            }
            case EmbeddingSpec.Ftrl ftrl -> {
                RowKernel.FtrlFactors factors = new RowKernel.FtrlFactors(
                        rate,
                        ftrl.beta().floatValue(),
                        ftrl.l1().floatValue(),
                        ftrl.l2().floatValue());
                yield (row, state, gradient) -> kernel.ftrl(row, state, state + second, gradient, dimension, factors);
            }
        };
    }

    private static void rowWiseAdam(
            RowKernel kernel, long row, long first, long gradient, int dimension, RowKernel.AdamFactors factors) {
        long second = first + 4L * dimension;
        float mean = kernel.sumOfSquares(gradient, dimension) / dimension;
        float v = factors.beta2() * Native.getFloat(second) + factors.beta2Complement() * mean;
        Native.putFloat(second, v);
        float root = (float) Math.sqrt(v) * factors.secondFactor() + factors.epsilon();
        float rate = factors.firstFactor() / root;
        kernel.momentum(row, first, gradient, dimension, factors.beta1(), factors.beta1Complement(), rate);
    }

    private static RowKernel.AdamFactors adamFactors(
            double rate, double beta1, double beta2, double epsilon, int step) {
        return new RowKernel.AdamFactors(
                (float) (rate / (1 - Math.pow(beta1, step))),
                (float) (1 / Math.sqrt(1 - Math.pow(beta2, step))),
                (float) beta1,
                (float) (1 - beta1),
                (float) beta2,
                (float) (1 - beta2),
                (float) epsilon);
    }
}
