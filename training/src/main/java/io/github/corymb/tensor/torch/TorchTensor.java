package io.github.corymb.tensor.torch;

import io.github.corymb.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Executes each operation as it is called. A result of a step carries the step it belongs to, so that its use after
/// the step's close is refused before it reaches freed memory.
final class TorchTensor implements Tensor {

    private final TorchEngine engine;
    private final Step owner; // null: a parameter or buffer, which lives as long as the engine
    private org.bytedeco.pytorch.Tensor raw;
    private org.bytedeco.pytorch.Tensor[] lanes = {}; // of a parameter: what the lanes but the first see of it
    private org.bytedeco.pytorch.Tensor rounded; // of a step's tensor, for RoundedProducts; null until asked for
    private long[] shape; // null until asked for

    TorchTensor(TorchEngine engine, Step owner, org.bytedeco.pytorch.Tensor raw) {
        this.engine = engine;
        this.owner = owner;
        this.raw = raw;
    }

    /// A parameter whose memory comes with [#bind].
    TorchTensor(TorchEngine engine, long... shape) {
        this.engine = engine;
        this.owner = null;
        this.shape = shape.clone();
    }

    void bind(org.bytedeco.pytorch.Tensor memory) {
        this.raw = memory;
    }

    /// What a parameter is to lane 1 and those after it: the same memory, with a gradient of the lane's own.
    void bindLanes(org.bytedeco.pytorch.Tensor... memories) {
        this.lanes = memories;
    }

    /// The tensor of libtorch, open step or not.
    org.bytedeco.pytorch.Tensor memory() {
        return raw;
    }

    /// The tensor of libtorch, for use in the open step it belongs to.
    org.bytedeco.pytorch.Tensor raw() {
        Step current = engine.requireStep();
        if (owner != null && owner != current) {
            throw new IllegalStateException("tensor: expected one of the open step, found one of a closed step");
        }
        return owner != null || current.lane() == 0 || lanes.length == 0 ? raw : lanes[current.lane() - 1];
    }

    static org.bytedeco.pytorch.Tensor raw(Tensor tensor) {
        if (tensor instanceof TorchTensor of) {
            return of.raw();
        }
        throw new IllegalArgumentException("tensor: expected one of this engine, found " + tensor);
    }

    private TorchTensor result(org.bytedeco.pytorch.Tensor value) {
        return engine.result(value);
    }

    /// What a product of the open step takes of a tensor.
    private org.bytedeco.pytorch.Tensor factor(Tensor tensor) {
        org.bytedeco.pytorch.Tensor exact = raw(tensor);
        if (!engine.requireStep().roundsProducts()) {
            return exact;
        }
        TorchTensor of = (TorchTensor) tensor;
        if (of.owner == null) { // the optimizer changes it, and lanes share it
            return RoundedProducts.rounded(exact);
        }
        if (of.rounded == null) {
            of.rounded = RoundedProducts.rounded(exact);
        }
        return of.rounded;
    }

    private TorchTensor product(org.bytedeco.pytorch.Tensor value) {
        if (!engine.requireStep().roundsProducts()) {
            return result(value);
        }
        TorchTensor product = result(RoundedProducts.rounded(value));
        product.rounded = product.raw;
        return product;
    }

    private long[] sizes() {
        if (shape == null) {
            org.bytedeco.pytorch.Tensor tensor = raw();
            long[] sizes = new long[(int) tensor.dim()];
            for (int axis = 0; axis < sizes.length; axis++) {
                sizes[axis] = tensor.size(axis);
            }
            shape = sizes;
        }
        return shape;
    }

    @Override
    public long[] shape() {
        return sizes().clone();
    }

    @Override
    public Tensor add(Tensor other) {
        return result(raw().add(raw(other)));
    }

    @Override
    public Tensor add(double value) {
        return result(raw().add(engine.number(value)));
    }

    @Override
    public Tensor subtract(Tensor other) {
        return result(raw().sub(raw(other)));
    }

    @Override
    public Tensor multiply(Tensor other) {
        return result(raw().mul(raw(other)));
    }

    @Override
    public Tensor multiply(double factor) {
        return result(raw().mul(engine.number(factor)));
    }

    @Override
    public Tensor divide(Tensor other) {
        return result(raw().div(raw(other)));
    }

    @Override
    public Tensor negate() {
        return result(raw().neg());
    }

    @Override
    public Tensor matmul(Tensor other) {
        org.bytedeco.pytorch.Tensor left = factor(this);
        org.bytedeco.pytorch.Tensor right = factor(other);
        return product(SmallProducts.serve(left, right) ? SmallProducts.of(left, right) : left.matmul(right));
    }

    @Override
    public Tensor linear(Tensor weight, Tensor bias) {
        return product(torch.linear(factor(this), factor(weight), factor(bias)));
    }

    @Override
    public Tensor linear(Tensor weight) {
        return product(torch.linear(factor(this), factor(weight)));
    }

    @Override
    public Tensor transpose(int first, int second) {
        return result(raw().transpose(first, second));
    }

    @Override
    public Tensor reshape(long... shape) {
        return result(raw().reshape(shape));
    }

    @Override
    public Tensor unsqueeze(int axis) {
        return result(raw().unsqueeze(axis));
    }

    @Override
    public Tensor squeeze(int axis) {
        return result(raw().squeeze(axis));
    }

    @Override
    public Tensor narrow(int axis, long start, long length) {
        return result(raw().narrow(axis, start, length));
    }

    /// One node of the graph for all parts: their gradients are stacked once, not added up part by part.
    @Override
    public List<Tensor> unbind(int axis) {
        TensorVector parts = raw().unbind(axis);
        return LongStream.range(0, parts.size())
                .<Tensor>mapToObj(i -> result(parts.get(i)))
                .toList();
    }

    @Override
    public Tensor concat(List<Tensor> others, int axis) {
        return result(torch.cat(withOthers(others), axis));
    }

    @Override
    public Tensor stack(List<Tensor> others, int axis) {
        return result(torch.stack(withOthers(others), axis));
    }

    private TensorVector withOthers(List<Tensor> others) {
        org.bytedeco.pytorch.Tensor[] all = new org.bytedeco.pytorch.Tensor[others.size() + 1];
        all[0] = raw();
        for (int i = 0; i < others.size(); i++) {
            all[i + 1] = raw(others.get(i));
        }
        return new TensorVector(all);
    }

    @Override
    public Tensor expand(long... shape) {
        return result(raw().expand(shape));
    }

    @Override
    public Tensor sum() {
        return result(raw().sum());
    }

    @Override
    public Tensor sum(int axis) {
        return result(raw().sum(axis));
    }

    @Override
    public Tensor mean() {
        return result(raw().mean());
    }

    @Override
    public Tensor mean(int axis) {
        return result(raw().mean(axis));
    }

    @Override
    public Tensor exp() {
        return result(raw().exp());
    }

    @Override
    public Tensor log() {
        return result(raw().log());
    }

    @Override
    public Tensor log1p() {
        return result(raw().log1p());
    }

    @Override
    public Tensor abs() {
        return result(raw().abs());
    }

    @Override
    public Tensor square() {
        return result(raw().square());
    }

    @Override
    public Tensor sqrt() {
        return result(raw().sqrt());
    }

    @Override
    public Tensor clamp(double low, double high) {
        ScalarOptional least = new ScalarOptional(engine.number(low));
        ScalarOptional most = new ScalarOptional(engine.number(high));
        return result(raw().clamp(least, most));
    }

    @Override
    public Tensor maximum(double value) {
        return result(raw().clamp_min(engine.number(value)));
    }

    @Override
    public Tensor relu() {
        return result(raw().relu());
    }

    @Override
    public Tensor silu() {
        return result(torch.silu(raw()));
    }

    @Override
    public Tensor gelu() {
        return result(torch.gelu(raw()));
    }

    @Override
    public Tensor prelu(Tensor slope) {
        org.bytedeco.pytorch.Tensor weight = raw(slope);
        long[] sizes = sizes();
        if (sizes.length == 2 || weight.numel() == 1) {
            return result(raw().prelu(weight));
        }
        // libtorch takes axis 1 for the units; ours is the last.
        return result(raw().reshape(-1, weight.numel()).prelu(weight).reshape(sizes));
    }

    @Override
    public Tensor sigmoid() {
        return result(raw().sigmoid());
    }

    @Override
    public Tensor logSigmoid() {
        return result(torch.log_sigmoid(raw()));
    }

    @Override
    public Tensor tanh() {
        return result(raw().tanh());
    }

    @Override
    public Tensor softmax() {
        return result(raw().softmax(-1));
    }

    @Override
    public Tensor logSoftmax() {
        return result(raw().log_softmax(-1));
    }

    @Override
    public Tensor layerNorm(Tensor scale, Tensor shift, double epsilon) {
        org.bytedeco.pytorch.Tensor weight = raw(scale);
        return result(torch.layer_norm(
                raw(),
                new long[] {weight.numel()},
                new TensorOptional(weight),
                new TensorOptional(raw(shift)),
                epsilon,
                false));
    }

    @Override
    public Tensor batchNorm(
            Tensor scale, Tensor shift, Tensor runningMean, Tensor runningVariance, double momentum, double epsilon) {
        boolean overBatch = engine.requireStep().training() && sizes()[0] > 1;
        return result(torch.batch_norm(
                raw(),
                new TensorOptional(raw(scale)),
                new TensorOptional(raw(shift)),
                new TensorOptional(raw(runningMean)),
                new TensorOptional(raw(runningVariance)),
                overBatch,
                momentum,
                epsilon,
                false));
    }

    @Override
    public Tensor dropout(double rate) {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("dropout: expected a rate of at least 0 and below 1, found " + rate);
        }
        Step current = engine.requireStep();
        if (!current.training() || rate == 0) {
            return this;
        }
        org.bytedeco.pytorch.Tensor mask = torch.empty(sizes());
        DropoutMask.fill(NativeFloats.segment(mask), rate, current.nextDropoutSeed());
        return result(raw().mul(engine.toDevice(mask)));
    }

    @Override
    public Tensor stopGradient() {
        return result(raw().detach());
    }

    @Override
    public Tensor gatherLast(Tensor index) {
        return result(raw().gather(-1, raw(index).to(torch.ScalarType.Long)));
    }

    @Override
    public String toString() {
        return "TorchTensor" + Arrays.toString(sizes());
    }
}
