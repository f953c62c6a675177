package io.github.corymb.tensor.torch;

import io.github.corymb.tensor.Array;
import io.github.corymb.tensor.Initial;
import java.util.Arrays;
import java.util.SplittableRandom;

/// The first values of a parameter, from the seed and its name alone.
final class InitialValues {

    private InitialValues() {}

    static float[] of(Initial initial, long seed, String name, long... shape) {
        float[] values = new float[Math.toIntExact(Array.count(shape))];
        SplittableRandom random = new SplittableRandom(RandomSeeds.of(seed, name));
        switch (initial) {
            case Initial.Constant(double value) -> Arrays.fill(values, (float) value);
            case Initial.Uniform(double bound) -> uniform(values, bound, random);
            case Initial.GlorotUniform() -> uniform(values, Math.sqrt(6.0 / (fanIn(shape) + fanOut(shape))), random);
            case Initial.HeUniform() -> uniform(values, Math.sqrt(6.0 / fanIn(shape)), random);
            case Initial.Normal(double standardDeviation) -> normal(values, standardDeviation, random);
        }
        return values;
    }

    private static void uniform(float[] values, double bound, SplittableRandom random) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
    }

    private static void normal(float[] values, double standardDeviation, SplittableRandom random) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (standardDeviation * random.nextGaussian());
        }
    }

    private static long fanIn(long[] shape) {
        return shape.length == 0 ? 1 : Math.max(1, shape[shape.length - 1]);
    }

    private static long fanOut(long[] shape) {
        return shape.length < 2 ? fanIn(shape) : Math.max(1, shape[shape.length - 2]);
    }
}
