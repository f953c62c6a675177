package io.github.corymb.tensor.torch;

import java.lang.foreign.Arena;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/// One training or prediction step: whatever tensor is made while it is open is freed when it closes. Made by
/// [TorchEngine#step]; opened, used and closed by one thread.
public final class Step implements AutoCloseable {

    private final TorchEngine engine;
    private final int lane;
    private final Thread thread = Thread.currentThread();
    private final boolean training;
    private final long seed;
    private final PointerScope scope = new PointerScope();
    private final NoGradGuard withoutGradients; // null while training; it lasts until the scope closes
    private final List<Object> borrowed = new ArrayList<>(); // the caller's memory that tensors look into
    private Arena views; // of the buffers that look into this step's tensors; null until there is one
    private long dropoutCount;
    private boolean roundsProducts;
    private boolean open = true;

    Step(TorchEngine engine, int lane, boolean training, long seed) {
        this.engine = engine;
        this.lane = lane;
        this.training = training;
        this.seed = seed;
        this.withoutGradients = training ? null : new NoGradGuard();
    }

    /// Which of [Lanes] it runs on; 0 where there are none.
    int lane() {
        return lane;
    }

    boolean training() {
        return training;
    }

    /// Whether products of this step are [RoundedProducts].
    boolean roundsProducts() {
        return roundsProducts;
    }

    void roundProducts(boolean round) {
        roundsProducts = round;
    }

    boolean belongsTo(Thread other) {
        return thread == other;
    }

    /// A tensor over the caller's memory, which stays reachable while the step is open.
    Tensor wrap(FloatBuffer direct, long... shape) {
        borrowed.add(direct);
        return NativeFloats.wrap(direct, shape);
    }

    /// The memory of a tensor of this step, as a buffer that refuses access once the step is closed.
    @SuppressWarnings("MustBeClosedChecker") // the step closes it
    FloatBuffer view(Tensor tensor) {
        if (views == null) {
            views = Arena.ofShared();
        }
        return NativeFloats.buffer(tensor, views);
    }

    /// The seed of the next dropout of this step.
    long nextDropoutSeed() {
        return RandomSeeds.of(seed, dropoutCount++);
    }

    /// Frees all tensors of this step; buffers that looked into them refuse access from now on.
    @Override
    public void close() {
        if (!open) {
            return;
        }
        if (!belongsTo(Thread.currentThread())) {
            throw new IllegalStateException("step: closed by another thread than the one that opened it");
        }
        open = false;
        if (views != null) {
            views.close();
        }
        if (withoutGradients != null) {
            withoutGradients.close();
        }
        scope.close();
        engine.closed(lane);
    }
}
