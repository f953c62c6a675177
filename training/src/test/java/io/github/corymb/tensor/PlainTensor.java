package io.github.corymb.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// The plain twin of the tensor layer: the operations of a training step in double, each written as its
/// definition, with no gradients and no speed. What a fast tensor, a layer or a model gives is compared with
/// this, and it is precise enough for finite differences. Batch normalisation leaves its running moments as
/// they are, and dropout is refused: both are the engine's own, which its tests look at.
public final class PlainTensor implements Tensor {

    private final long[] shape;
    private final double[] values; // row-major

    private PlainTensor(double[] values, long... shape) {
        this.values = values;
        this.shape = shape;
    }

    /// A tensor of a copy of these values, row-major.
    public static PlainTensor of(double[] values, long... shape) {
        if (Array.count(shape) != values.length) {
            throw new IllegalArgumentException(values.length + " values for shape " + Arrays.toString(shape));
        }
        return new PlainTensor(values.clone(), shape.clone());
    }

    /// The values themselves, row-major: writing to them changes this tensor, but none made from it.
    public double[] values() {
        return values;
    }

    /// The values of a tensor that is a plain one.
    public static double[] values(Tensor tensor) {
        return plain(tensor).values;
    }

    private static PlainTensor plain(Tensor tensor) {
        return (PlainTensor) tensor;
    }

    private PlainTensor filled(IntToDoubleFunction value, long... sizes) {
        return new PlainTensor(
                IntStream.range(0, (int) Array.count(sizes)).mapToDouble(value).toArray(), sizes.clone());
    }

    private PlainTensor positioned(long[] sizes, ToDoubleFunction<int[]> value) {
        return filled(flat -> value.applyAsDouble(PlainShapes.position(flat, sizes)), sizes);
    }

    private int axis(int axis) {
        return axis < 0 ? axis + shape.length : axis;
    }

    private PlainTensor each(DoubleUnaryOperator operator) {
        return filled(i -> operator.applyAsDouble(values[i]), shape);
    }

    private PlainTensor with(Tensor other, DoubleBinaryOperator operator) {
        long[] sizes = PlainShapes.broadcast(shape, plain(other).shape);
        double[] left = plain(expand(sizes)).values;
        double[] right = plain(other.expand(sizes)).values;
        return filled(i -> operator.applyAsDouble(left[i], right[i]), sizes);
    }

    /// The value at a position, where axes of size 1 stand for any index and leading axes may be too many.
    private double at(int... position) {
        int flat = 0;
        for (int a = 0; a < shape.length; a++) {
            int index = position[position.length - shape.length + a];
            flat = flat * (int) shape[a] + (shape[a] == 1 ? 0 : index);
        }
        return values[flat];
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    @Override
    public Tensor add(Tensor other) {
        return with(other, Double::sum);
    }

    @Override
    public Tensor add(double value) {
        return each(x -> x + value);
    }

    @Override
    public Tensor subtract(Tensor other) {
        return with(other, (x, y) -> x - y);
    }

    @Override
    public Tensor multiply(Tensor other) {
        return with(other, (x, y) -> x * y);
    }

    @Override
    public Tensor multiply(double factor) {
        return each(x -> x * factor);
    }

    @Override
    public Tensor divide(Tensor other) {
        return with(other, (x, y) -> x / y);
    }

    @Override
    public Tensor negate() {
        return each(x -> -x);
    }

    @Override
    public Tensor matmul(Tensor other) {
        PlainTensor right = plain(other);
        int m = (int) shape[shape.length - 2];
        int k = (int) shape[shape.length - 1];
        int n = (int) right.shape[right.shape.length - 1];
        long[] batch = PlainShapes.broadcast(
                Arrays.copyOf(shape, shape.length - 2), Arrays.copyOf(right.shape, right.shape.length - 2));
        long[] sizes = Arrays.copyOf(batch, batch.length + 2);
        sizes[batch.length] = m;
        sizes[batch.length + 1] = n;
        PlainTensor left = plain(expandBatch(batch));
        PlainTensor wide = plain(right.expandBatch(batch));
        return positioned(sizes, at -> {
            int[] row = at.clone();
            int[] column = at.clone();
            double sum = 0;
            for (int i = 0; i < k; i++) {
                row[row.length - 1] = i;
                column[column.length - 2] = i;
                sum += left.at(row) * wide.at(column);
            }
            return sum;
        });
    }

    private Tensor expandBatch(long... batch) {
        long[] sizes = Arrays.copyOf(batch, batch.length + 2);
        System.arraycopy(shape, shape.length - 2, sizes, batch.length, 2);
        return expand(sizes);
    }

    @Override
    public Tensor linear(Tensor weight, Tensor bias) {
        return linear(weight).add(bias);
    }

    @Override
    public Tensor linear(Tensor weight) {
        return matmul(weight.transpose(0, 1));
    }

    @Override
    public Tensor transpose(int first, int second) {
        long[] sizes = shape.clone();
        sizes[axis(first)] = shape[axis(second)];
        sizes[axis(second)] = shape[axis(first)];
        return positioned(sizes, at -> {
            int kept = at[axis(first)];
            at[axis(first)] = at[axis(second)];
            at[axis(second)] = kept;
            return at(at);
        });
    }

    @Override
    public Tensor reshape(long... sizes) {
        long known = Array.count(Arrays.stream(sizes).filter(size -> size >= 0).toArray());
        long[] whole = Arrays.stream(sizes)
                .map(size -> size < 0 ? values.length / known : size)
                .toArray();
        return filled(i -> values[i], whole);
    }

    @Override
    public Tensor unsqueeze(int axis) {
        return reshape(PlainShapes.inserted(shape, axis));
    }

    @Override
    public Tensor squeeze(int axis) {
        if (shape[axis(axis)] != 1) {
            throw new IllegalArgumentException(this + " squeezed at axis " + axis);
        }
        return reshape(PlainShapes.removed(shape, axis(axis)));
    }

    @Override
    public Tensor narrow(int axis, long start, long length) {
        long[] sizes = shape.clone();
        sizes[axis(axis)] = length;
        return positioned(sizes, at -> {
            at[axis(axis)] += (int) start;
            return values[PlainShapes.flatten(at, shape)];
        });
    }

    @Override
    public Tensor concat(List<Tensor> others, int axis) {
        List<PlainTensor> all = new ArrayList<>(List.of(this));
        others.forEach(other -> all.add(plain(other)));
        long[] sizes = shape.clone();
        sizes[axis(axis)] =
                all.stream().mapToLong(part -> part.shape[axis(axis)]).sum();
        return positioned(sizes, at -> {
            int part = 0;
            while (at[axis(axis)] >= all.get(part).shape[axis(axis)]) {
                at[axis(axis)] -= (int) all.get(part++).shape[axis(axis)];
            }
            return all.get(part).values[PlainShapes.flatten(at, all.get(part).shape)];
        });
    }

    @Override
    public Tensor stack(List<Tensor> others, int axis) {
        int place = axis < 0 ? axis + shape.length + 1 : axis;
        List<Tensor> wide = others.stream().map(other -> other.unsqueeze(place)).toList();
        return unsqueeze(place).concat(wide, place);
    }

    @Override
    public Tensor expand(long... sizes) {
        return positioned(sizes, this::at);
    }

    @Override
    public Tensor sum() {
        return filled(_ -> Arrays.stream(values).sum());
    }

    @Override
    public Tensor sum(int axis) {
        int length = (int) shape[axis(axis)];
        long[] kept = shape.clone();
        kept[axis(axis)] = 1;
        Tensor sums = positioned(kept, at -> {
            double sum = 0;
            for (at[axis(axis)] = 0; at[axis(axis)] < length; at[axis(axis)]++) {
                sum += values[PlainShapes.flatten(at, shape)];
            }
            return sum;
        });
        return sums.squeeze(axis);
    }

    @Override
    public Tensor mean() {
        return sum().multiply(1.0 / values.length);
    }

    @Override
    public Tensor mean(int axis) {
        return sum(axis).multiply(1.0 / shape[axis(axis)]);
    }

    @Override
    public Tensor exp() {
        return each(Math::exp);
    }

    @Override
    public Tensor log() {
        return each(Math::log);
    }

    @Override
    public Tensor log1p() {
        return each(Math::log1p);
    }

    @Override
    public Tensor abs() {
        return each(Math::abs);
    }

    @Override
    public Tensor square() {
        return each(x -> x * x);
    }

    @Override
    public Tensor sqrt() {
        return each(Math::sqrt);
    }

    @Override
    public Tensor clamp(double low, double high) {
        return each(x -> Math.min(high, Math.max(low, x)));
    }

    @Override
    public Tensor maximum(double value) {
        return each(x -> Math.max(x, value));
    }

    @Override
    public Tensor relu() {
        return maximum(0);
    }

    @Override
    public Tensor silu() {
        return multiply(sigmoid());
    }

    @Override
    public Tensor gelu() {
        return each(x -> x * NormalDistribution.cumulative(x));
    }

    @Override
    public Tensor prelu(Tensor slope) {
        return with(slope, (x, a) -> x > 0 ? x : a * x);
    }

    @Override
    public Tensor sigmoid() {
        return each(x -> 1 / (1 + Math.exp(-x)));
    }

    @Override
    public Tensor logSigmoid() {
        return each(x -> Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x))));
    }

    @Override
    public Tensor tanh() {
        return each(Math::tanh);
    }

    @Override
    public Tensor softmax() {
        return logSoftmax().exp();
    }

    @Override
    public Tensor logSoftmax() {
        double largest = Arrays.stream(values).max().orElseThrow();
        Tensor shifted = add(-largest);
        return shifted.subtract(shifted.exp().sum(-1).log().unsqueeze(-1));
    }

    @Override
    public Tensor layerNorm(Tensor scale, Tensor shift, double epsilon) {
        Tensor centred = subtract(mean(-1).unsqueeze(-1));
        Tensor deviation = centred.square().mean(-1).unsqueeze(-1).add(epsilon).sqrt();
        return centred.divide(deviation).multiply(scale).add(shift);
    }

    @Override
    public Tensor batchNorm(
            Tensor scale, Tensor shift, Tensor runningMean, Tensor runningVariance, double momentum, double epsilon) {
        boolean overBatch = shape[0] > 1;
        Tensor mean = overBatch ? mean(0) : runningMean;
        Tensor variance = overBatch ? subtract(mean).square().mean(0) : runningVariance;
        return subtract(mean)
                .divide(variance.add(epsilon).sqrt())
                .multiply(scale)
                .add(shift);
    }

    @Override
    public Tensor dropout(double rate) {
        if (rate > 0) {
            throw new UnsupportedOperationException("which elements are dropped is the engine's own");
        }
        return this;
    }

    @Override
    public Tensor stopGradient() {
        return this;
    }

    @Override
    public Tensor gatherLast(Tensor index) {
        PlainTensor of = plain(index);
        return positioned(of.shape, at -> {
            at[at.length - 1] = (int) of.at(at);
            return values[PlainShapes.flatten(at, shape)];
        });
    }

    @Override
    public String toString() {
        return "PlainTensor" + Arrays.toString(shape);
    }
}
