package io.github.corymb.tensor;

import java.util.List;
import java.util.stream.LongStream;

/// A dense array of float32 with a shape, and the operations that models are written in. An implementation executes
/// them (`tensor.torch`), or records them as a graph for export; a model never knows which.
///
/// Axes count from 0; a negative axis counts from the end. Binary operations broadcast as in NumPy. Results belong to
/// the engine's current step and are gone when it closes; parameters and buffers outlive it.
public interface Tensor {

    /// The sizes of all axes, outermost first.
    long[] shape();

    Tensor add(Tensor other);

    Tensor add(double value);

    Tensor subtract(Tensor other);

    Tensor multiply(Tensor other);

    Tensor multiply(double factor);

    Tensor divide(Tensor other);

    Tensor negate();

    /// Matrix product over the last two axes; both sides may be batched alike: [.., m, k] · [.., k, n] → [.., m, n].
    Tensor matmul(Tensor other);

    /// x Wᵀ + b, with this = x [B, D], weight [H, D], bias [H] → [B, H].
    Tensor linear(Tensor weight, Tensor bias);

    /// x Wᵀ, without a bias.
    Tensor linear(Tensor weight);

    /// Swaps two axes.
    Tensor transpose(int first, int second);

    Tensor reshape(long... shape);

    /// Inserts an axis of size 1.
    Tensor unsqueeze(int axis);

    /// Removes an axis of size 1.
    Tensor squeeze(int axis);

    /// The part [start, start + length) of an axis.
    Tensor narrow(int axis, long start, long length);

    /// The parts of size 1 along an axis, which goes: what [#stack(List, int)] joined.
    default List<Tensor> unbind(int axis) {
        return LongStream.range(0, shape()[Math.floorMod(axis, shape().length)])
                .mapToObj(start -> narrow(axis, start, 1).squeeze(axis))
                .toList();
    }

    /// Joins this and the others along an existing axis.
    Tensor concat(List<Tensor> others, int axis);

    /// Joins this and the others, all of one shape, along a new axis.
    Tensor stack(List<Tensor> others, int axis);

    /// Joins tensors, of which there is at least one, along a new axis.
    static Tensor stackAll(List<Tensor> parts, int axis) {
        return parts.getFirst().stack(parts.subList(1, parts.size()), axis);
    }

    /// Repeats along axes of size 1 without copying.
    Tensor expand(long... shape);

    Tensor sum();

    /// The sum along an axis, which goes.
    Tensor sum(int axis);

    Tensor mean();

    /// The mean along an axis, which goes.
    Tensor mean(int axis);

    Tensor exp();

    Tensor log();

    /// log(1 + x), exact near 0.
    Tensor log1p();

    Tensor abs();

    Tensor square();

    Tensor sqrt();

    Tensor clamp(double low, double high);

    /// The larger of this and the value, element by element.
    Tensor maximum(double value);

    Tensor relu();

    Tensor silu();

    /// x Φ(x), with Φ the normal distribution function (the exact form, not the tanh approximation).
    Tensor gelu();

    /// x where x > 0, slope · x elsewhere; slope [1] or [H].
    Tensor prelu(Tensor slope);

    Tensor sigmoid();

    /// log σ(x) without overflow.
    Tensor logSigmoid();

    Tensor tanh();

    /// Softmax over the last axis.
    Tensor softmax();

    /// log softmax over the last axis.
    Tensor logSoftmax();

    /// Normalises the last axis of size H to mean 0, variance 1, then scales and shifts; scale, shift [H].
    Tensor layerNorm(Tensor scale, Tensor shift, double epsilon);

    /// While training, normalises each column of [B, H] over the batch, and moves the running moments towards it:
    /// its share of their new value is `momentum`, its variance taken as B / (B − 1) of itself. Otherwise, and for
    /// a training batch of one row, which has no variance, normalises by the running moments.
    Tensor batchNorm(
            Tensor scale, Tensor shift, Tensor runningMean, Tensor runningVariance, double momentum, double epsilon);

    /// While training: zeroes each element with probability `rate` and divides the rest by 1 − rate, from the random
    /// stream of (seed, step). Otherwise: this.
    Tensor dropout(double rate);

    /// The same values, through which no gradient flows.
    Tensor stopGradient();

    /// Along the last axis, the element whose index stands in `index` [B, 1] (whole numbers as floats) → [B, 1].
    Tensor gatherLast(Tensor index);
}
