package io.github.corymb.tensor.torch;

import io.github.corymb.tensor.Array;
import io.github.corymb.tensor.Device;
import io.github.corymb.tensor.Precision;
import io.github.corymb.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/// Executes tensors by libtorch, with gradients while training. One engine serves one training or prediction run:
/// it owns the parameters and at most one open [Step]. The same seed, thread count and calls give the same bits.
///
/// Threads: one at a time; a step stays on the thread that opened it. Whoever makes an engine closes it.
public final class TorchEngine implements AutoCloseable {

    private final Device device;
    private final Precision precision;
    private final boolean roundsProducts; // to bfloat16, which this processor does not multiply
    private final long seed;
    private final TensorOptions options;
    private final TorchParameters parameters;
    private final List<Pointer> owned = new ArrayList<>();
    private Step[] steps = new Step[1]; // the open step of each lane; null where none is open
    private boolean closed;

    /// Loads libtorch where it is not loaded yet, and sets how it computes, for the whole process: `threads` threads,
    /// float32 throughout. Throws [IllegalArgumentException] for a device that this libtorch cannot use.
    public TorchEngine(Device device, int threads, long seed) {
        this(device, Precision.FLOAT32, threads, seed);
    }

    /// The same, with another precision for the forward passes of training. On a processor with AMX the first engine of
    /// a process settles which precision gets its speed: after float32 bfloat16 goes without AMX, after bfloat16
    /// float32's products fall to OpenBLAS.
    public TorchEngine(Device device, Precision precision, int threads, long seed) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads: expected at least 1, found " + threads);
        }
        TorchRuntime.start(threads, precision);
        this.device = device;
        this.precision = precision;
        this.roundsProducts =
                precision == Precision.BFLOAT16 && device instanceof Device.Cpu && TorchRuntime.endsAtAvx2();
        this.seed = seed;
        try (PointerScope _ = new PointerScope()) {
            this.options = keep(new TensorOptions(TorchRuntime.device(device)));
        }
        this.parameters = new TorchParameters(this, seed);
    }

    /// Loads libtorch where it is not loaded yet; the first engine waits for a thread that does it.
    public static void loadNatives() {
        TorchRuntime.load();
    }

    /// The parameters and buffers of this run's model.
    public TorchParameters parameters() {
        return parameters;
    }

    public Device device() {
        return device;
    }

    /// What its user should know, a line each: such as a precision that is slow on this processor.
    public List<String> warnings() {
        return roundsProducts
                ? List.of("train.precision: bfloat16 is slower than float32 on this processor, having no AVX-512")
                : List.of();
    }

    /// Opens a step; `number` counts steps of the run and, with the seed, decides what is dropped out. Without
    /// `training` no gradient is recorded, dropout does nothing and batch normalisation uses the running moments.
    /// Throws [IllegalStateException] while another step of this engine is open.
    public Step step(long number, boolean training) {
        requireNoStep("step");
        parameters.freeze();
        openStep(number, training, 0);
        return steps[0];
    }

    /// Opens the step of one of [Lanes], on its own thread, which ends it by [#closeStep]. Each lane drops out others.
    public void openStep(long number, boolean training, int lane) {
        requireOpen();
        if (steps[lane] != null) {
            throw new IllegalStateException("step: expected the last step to be closed, found it open");
        }
        long stepSeed = RandomSeeds.of(seed, number);
        steps[lane] = new Step(this, lane, training, lane == 0 ? stepSeed : RandomSeeds.of(stepSeed, -lane));
    }

    /// Closes the step of a lane, on its own thread, where one is open.
    public void closeStep(int lane) {
        if (steps[lane] != null) {
            steps[lane].close();
        }
    }

    /// A tensor over the remaining values of `direct`, without a copy where the device is the CPU: the caller leaves
    /// them alone until the step closes. While training it gathers a gradient.
    public Tensor leaf(FloatBuffer direct, long... shape) {
        Step current = requireStep();
        if (!direct.isDirect() || direct.order() != ByteOrder.nativeOrder()) {
            throw new IllegalArgumentException("leaf: expected a direct buffer of native order");
        }
        requireCount("leaf", direct.remaining(), shape);
        return new TorchTensor(
                this, current, toDevice(current.wrap(direct, shape)).requires_grad_(current.training()));
    }

    /// A copy of the first values of `values`, as many as the shape has, through which no gradient flows.
    public Tensor constant(float[] values, long... shape) {
        return constantFrom(0, values, shape);
    }

    /// A copy of the values from `from` on, as many as the shape has, through which no gradient flows.
    public Tensor constantFrom(int from, float[] values, long... shape) {
        Step current = requireStep();
        requireCount("constant", values.length - from, shape);
        org.bytedeco.pytorch.Tensor raw = torch.empty(shape);
        MemorySegment target = NativeFloats.segment(raw);
        MemorySegment.copy(values, from, target, ValueLayout.JAVA_FLOAT, 0, (int) (target.byteSize() / Float.BYTES));
        return new TorchTensor(this, current, toDevice(raw));
    }

    /// Runs a model's forward pass in the open step, while training in the engine's precision; what comes out of it is
    /// float32.
    public List<Tensor> forward(Supplier<List<Tensor>> pass) {
        Step current = requireStep();
        if (precision == Precision.FLOAT32 || !current.training()) {
            return pass.get();
        }
        if (roundsProducts) {
            return RoundedProducts.during(current, pass);
        }
        return Autocast.bfloat16(device, pass).stream()
                .<Tensor>map(output -> result(TorchTensor.raw(output).to(torch.ScalarType.Float)))
                .toList();
    }

    /// Adds the gradient of a loss of one value to the gradients of all parameters and leaves it depends on.
    public void backward(Tensor scalarLoss) {
        if (!requireStep().training()) {
            throw new IllegalStateException("backward: expected a training step, found one without gradients");
        }
        TorchTensor.raw(scalarLoss).backward();
    }

    /// Sets the gradients of all parameters to zero, those of the calling lane where it has a step open; a leaf's
    /// gradient starts at zero with the leaf.
    public void zeroGradients() {
        requireOpen();
        Step current = ownStep();
        parameters.zeroGradients(current == null ? 0 : current.lane());
    }

    /// Adds the gradients that the other lanes' backward passes left to those of the first.
    public void joinGradients(int laneCount) {
        requireOpen();
        parameters.joinGradients(laneCount);
    }

    /// The gradient of a leaf after [#backward], without a copy where the device is the CPU; zeros where the loss does
    /// not depend on the leaf. Valid until the step closes, and refuses access from then on.
    public FloatBuffer gradient(Tensor leaf) {
        Step current = requireStep();
        org.bytedeco.pytorch.Tensor raw = TorchTensor.raw(leaf);
        org.bytedeco.pytorch.Tensor gradient = raw.grad();
        return current.view(NativeFloats.onCpu(gradient.defined() ? gradient : torch.zeros_like(raw)));
    }

    /// Whether the gradients of all parameters and of these leaves are numbers throughout. Gradients whose sum is
    /// beyond float32 count as none.
    public boolean hasFiniteGradients(List<Tensor> leaves) {
        int lane = requireStep().lane();
        try (PointerScope _ = new PointerScope()) {
            org.bytedeco.pytorch.Tensor sum = parameters.flatGradients(lane).sum();
            for (Tensor leaf : leaves) {
                org.bytedeco.pytorch.Tensor gradient = TorchTensor.raw(leaf).grad();
                if (gradient.defined()) {
                    sum.add_(gradient.sum());
                }
            }
            return Float.isFinite(sum.item_float());
        }
    }

    /// The values of tensors that have one each; a device is waited for once.
    public double[] scalars(List<Tensor> tensors) {
        for (Tensor tensor : tensors) {
            if (Array.count(tensor.shape()) != 1) {
                throw new IllegalArgumentException(
                        "scalars: expected one value, found shape " + Arrays.toString(tensor.shape()));
            }
        }
        float[] values = new float[tensors.size()];
        if (!tensors.isEmpty()) {
            read(Tensor.stackAll(tensors, 0), values);
        }
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    /// The value of a tensor that has one.
    public double scalar(Tensor tensor) {
        return scalars(List.of(tensor))[0];
    }

    /// Copies all values of a tensor, row-major, to the start of `into`.
    public void read(Tensor tensor, float[] into) {
        requireStep();
        try (PointerScope _ = new PointerScope()) {
            org.bytedeco.pytorch.Tensor near = NativeFloats.onCpu(TorchTensor.raw(tensor));
            if (near.numel() > into.length) {
                throw new IllegalArgumentException(
                        "read: expected room for " + near.numel() + " values, found " + into.length);
            }
            int count = (int) near.numel();
            MemorySegment.copy(NativeFloats.segment(near), ValueLayout.JAVA_FLOAT, 0, into, 0, count);
        }
    }

    /// All values of a tensor, row-major, without a copy where that is possible; valid until the step closes.
    public FloatBuffer values(Tensor tensor) {
        return requireStep().view(NativeFloats.onCpu(TorchTensor.raw(tensor)));
    }

    /// Closes an open step and frees parameters, buffers and gradients.
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closeStep(0);
        closed = true;
        owned.reversed().forEach(Pointer::releaseReference);
        owned.clear();
    }

    /// Lets this pointer live as long as the engine, whatever scope it was made in.
    <P extends Pointer> P keep(P pointer) {
        pointer.retainReference();
        owned.add(pointer);
        return pointer;
    }

    TensorOptions options() {
        return options;
    }

    /// A result of the open step.
    TorchTensor result(org.bytedeco.pytorch.Tensor raw) {
        return new TorchTensor(this, requireStep(), raw);
    }

    Scalar number(double value) {
        return new Scalar(value);
    }

    void closed(int lane) {
        steps[lane] = null;
    }

    /// Makes room for the steps of lanes; parameters get a gradient for each.
    void divide(int laneCount) {
        requireNoStep("lanes");
        steps = new Step[laneCount];
        parameters.divide(laneCount);
    }

    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("engine: expected an open engine, found it closed");
        }
    }

    void requireNoStep(String what) {
        requireOpen();
        if (!Arrays.stream(steps).allMatch(Objects::isNull)) {
            throw new IllegalStateException(what + ": expected the last step to be closed, found it open");
        }
    }

    /// The open step of the calling thread, or null.
    private Step ownStep() {
        for (Step step : steps) {
            if (step != null && step.belongsTo(Thread.currentThread())) {
                return step;
            }
        }
        return null;
    }

    Step requireStep() {
        Step own = ownStep();
        if (own == null) {
            boolean isOpen = !Arrays.stream(steps).allMatch(Objects::isNull);
            throw new IllegalStateException(
                    isOpen
                            ? "tensor: expected the thread that opened the step, found "
                                    + Thread.currentThread().getName()
                            : "tensor: expected an open step of its engine, found none");
        }
        return own;
    }

    org.bytedeco.pytorch.Tensor toDevice(org.bytedeco.pytorch.Tensor raw) {
        return switch (device) {
            case Device.Cpu() -> raw;
            case Device.Cuda(int _) -> raw.to(options.device(), torch.ScalarType.Float);
        };
    }

    private static void requireCount(String what, int available, long... shape) {
        if (available < Array.count(shape)) {
            throw new IllegalArgumentException(what + ": expected " + Array.count(shape) + " values for shape "
                    + Arrays.toString(shape) + ", found " + available);
        }
    }
}
