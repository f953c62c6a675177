package io.github.corymb.network;

import io.github.corymb.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/// The operations of [Tensor] in plain loops over doubles, without gradients: what an engine's values are compared
/// with, and precise enough for finite differences. Dropout passes everything; batch normalisation is as in training,
/// without moving its running moments.
public final class PlainTensor implements Tensor {

    private final long[] shape;
    private final double[] values;

    private PlainTensor(long[] shape, double[] values) {
        long size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        if (size != values.length) {
            throw new IllegalArgumentException(Arrays.toString(shape) + " with " + values.length + " values");
        }
        this.shape = shape;
        this.values = values;
    }

    @Override
    public long[] shape() {
        return shape;
    }

    /// The values themselves, row-major: writing to them changes this tensor, and what was reshaped from it.
    public double[] values() {
        return values;
    }

    public static PlainTensor of(double[] values, long... shape) {
        return new PlainTensor(shape, values);
    }

    public static PlainTensor of(float[] values, long... shape) {
        return new PlainTensor(
                shape,
                IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray());
    }

    public static double[] values(Tensor tensor) {
        return ((PlainTensor) tensor).values;
    }

    private PlainTensor map(DoubleUnaryOperator function) {
        return new PlainTensor(shape, Arrays.stream(values).map(function).toArray());
    }

    private PlainTensor zip(Tensor other, DoubleBinaryOperator function) {
        long[] common = PlainLoops.broadcast(shape, other.shape());
        double[] left = expand(common).values;
        double[] right = ((PlainTensor) other).expand(common).values;
        return new PlainTensor(
                common,
                IntStream.range(0, left.length)
                        .mapToDouble(i -> function.applyAsDouble(left[i], right[i]))
                        .toArray());
    }

    private int axis(int axis) {
        return axis < 0 ? axis + shape.length : axis;
    }

    /// How many elements one step along an axis passes.
    private int stride(int axis) {
        return (int) Arrays.stream(shape, axis + 1, shape.length).reduce(1, (a, b) -> a * b);
    }

    private int size(int axis) {
        return (int) shape[axis];
    }

    private static long[] with(long[] shape, int axis, long size) {
        long[] changed = shape.clone();
        changed[axis] = size;
        return changed;
    }

    @Override
    public Tensor add(Tensor other) {
        return zip(other, Double::sum);
    }

    @Override
    public Tensor add(double value) {
        return map(v -> v + value);
    }

    @Override
    public Tensor subtract(Tensor other) {
        return zip(other, (a, b) -> a - b);
    }

    @Override
    public Tensor multiply(Tensor other) {
        return zip(other, (a, b) -> a * b);
    }

    @Override
    public Tensor multiply(double factor) {
        return map(v -> v * factor);
    }

    @Override
    public Tensor divide(Tensor other) {
        return zip(other, (a, b) -> a / b);
    }

    @Override
    public Tensor negate() {
        return map(v -> -v);
    }

    @Override
    public Tensor matmul(Tensor other) {
        int m = size(shape.length - 2);
        int k = size(shape.length - 1);
        int n = (int) other.shape()[other.shape().length - 1];
        double[] product = PlainLoops.matmul(values, values(other), m, k, n);
        return new PlainTensor(with(shape, shape.length - 1, n), product);
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
    public PlainTensor transpose(int first, int second) {
        int a = axis(first);
        int b = axis(second);
        long[] swapped = with(with(shape, a, shape[b]), b, shape[a]);
        return new PlainTensor(swapped, PlainLoops.transpose(values, shape, swapped, a, b));
    }

    @Override
    public Tensor reshape(long... target) {
        long known = Arrays.stream(target).filter(size -> size != -1).reduce(1, (a, b) -> a * b);
        return new PlainTensor(
                Arrays.stream(target)
                        .map(size -> size == -1 ? values.length / known : size)
                        .toArray(),
                values);
    }

    @Override
    public Tensor unsqueeze(int axis) {
        int at = axis < 0 ? axis + shape.length + 1 : axis;
        List<Long> sizes = new ArrayList<>(Arrays.stream(shape).boxed().toList());
        sizes.add(at, 1L);
        return new PlainTensor(sizes.stream().mapToLong(Long::longValue).toArray(), values);
    }

    @Override
    public Tensor squeeze(int axis) {
        List<Long> sizes = new ArrayList<>(Arrays.stream(shape).boxed().toList());
        if (sizes.remove(axis(axis)) != 1L) {
            throw new IllegalArgumentException(Arrays.toString(shape) + " squeezed at " + axis);
        }
        return new PlainTensor(sizes.stream().mapToLong(Long::longValue).toArray(), values);
    }

    @Override
    public Tensor narrow(int axis, long start, long length) {
        int at = axis(axis);
        int stride = stride(at);
        int block = size(at) * stride;
        double[] part = new double[(int) (values.length / shape[at] * length)];
        int width = (int) length * stride;
        for (int outer = 0; outer < values.length / block; outer++) {
            System.arraycopy(values, outer * block + (int) start * stride, part, outer * width, width);
        }
        return new PlainTensor(with(shape, at, length), part);
    }

    @Override
    public Tensor concat(List<Tensor> others, int axis) {
        int at = axis(axis);
        List<PlainTensor> parts = new ArrayList<>(List.of(this));
        others.forEach(other -> parts.add((PlainTensor) other));
        long total = parts.stream().mapToLong(part -> part.shape[at]).sum();
        int outerCount = values.length / (size(at) * stride(at));
        double[] joined = new double[(int) (outerCount * total * stride(at))];
        int to = 0;
        for (int outer = 0; outer < outerCount; outer++) {
            for (PlainTensor part : parts) {
                int width = part.size(at) * part.stride(at);
                System.arraycopy(part.values, outer * width, joined, to, width);
                to += width;
            }
        }
        return new PlainTensor(with(shape, at, total), joined);
    }

    @Override
    public Tensor stack(List<Tensor> others, int axis) {
        return unsqueeze(axis)
                .concat(others.stream().map(other -> other.unsqueeze(axis)).toList(), axis);
    }

    @Override
    public PlainTensor expand(long... target) {
        return new PlainTensor(target, PlainLoops.expand(values, shape, target));
    }

    @Override
    public Tensor sum() {
        return new PlainTensor(new long[0], new double[] {Arrays.stream(values).sum()});
    }

    @Override
    public Tensor sum(int axis) {
        int at = axis(axis);
        int stride = stride(at);
        double[] sums = new double[values.length / size(at)];
        for (int i = 0; i < values.length; i++) {
            sums[i / (size(at) * stride) * stride + i % stride] += values[i];
        }
        return new PlainTensor(with(shape, at, 1), sums).squeeze(at);
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
        return map(Math::exp);
    }

    @Override
    public Tensor log() {
        return map(Math::log);
    }

    @Override
    public Tensor log1p() {
        return map(Math::log1p);
    }

    @Override
    public Tensor abs() {
        return map(Math::abs);
    }

    @Override
    public Tensor square() {
        return map(v -> v * v);
    }

    @Override
    public Tensor sqrt() {
        return map(Math::sqrt);
    }

    @Override
    public Tensor clamp(double low, double high) {
        return map(v -> Math.clamp(v, low, high));
    }

    @Override
    public Tensor maximum(double value) {
        return map(v -> Math.max(v, value));
    }

    @Override
    public Tensor relu() {
        return map(v -> Math.max(v, 0));
    }

    @Override
    public Tensor silu() {
        return map(v -> v / (1 + Math.exp(-v)));
    }

    @Override
    public Tensor gelu() {
        return map(v -> v * NormalDistribution.cumulative(v));
    }

    @Override
    public Tensor prelu(Tensor slope) {
        return zip(slope, (v, a) -> v > 0 ? v : a * v);
    }

    @Override
    public Tensor sigmoid() {
        return map(v -> 1 / (1 + Math.exp(-v)));
    }

    @Override
    public Tensor logSigmoid() {
        return map(v -> Math.min(v, 0) - Math.log1p(Math.exp(-Math.abs(v))));
    }

    @Override
    public Tensor tanh() {
        return map(Math::tanh);
    }

    @Override
    public Tensor softmax() {
        return logSoftmax().exp();
    }

    @Override
    public Tensor logSoftmax() {
        double high = Arrays.stream(values).max().orElse(0);
        Tensor shifted = add(-high);
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
        boolean one = shape[0] == 1;
        Tensor centred = subtract(one ? runningMean : mean(0));
        Tensor variance = one ? runningVariance : centred.square().mean(0);
        return centred.divide(variance.add(epsilon).sqrt()).multiply(scale).add(shift);
    }

    @Override
    public Tensor dropout(double rate) {
        return this;
    }

    @Override
    public Tensor stopGradient() {
        return this;
    }

    @Override
    public Tensor gatherLast(Tensor index) {
        double[] indices = ((PlainTensor) index).values;
        int width = size(shape.length - 1);
        return new PlainTensor(
                index.shape(),
                IntStream.range(0, indices.length)
                        .mapToDouble(i -> values[i * width + (int) indices[i]])
                        .toArray());
    }
}
