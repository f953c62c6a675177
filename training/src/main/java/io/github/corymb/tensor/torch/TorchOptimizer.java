package io.github.corymb.tensor.torch;

import io.github.corymb.tensor.Array;
import io.github.corymb.tensor.DenseOptimizer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Steps all parameters of an engine at once: each operation walks the flat tensors. Its moments belong to the engine.
/// Threads: as the engine.
public final class TorchOptimizer {

    private static final String STEP_COUNT = "step_count"; // [2]: the number's upper part and its lower 20 bits
    private static final int LOW_BITS = 20;

    private final TorchEngine engine;
    private final DenseOptimizer specification;
    private final Tensor values; // [P]
    private final Tensor gradients; // [P]
    private final Map<String, Tensor> moments = new LinkedHashMap<>(); // each [P]
    private long stepCount;

    /// Lays the engine's parameters out, if no step has done it yet.
    public TorchOptimizer(TorchEngine engine, DenseOptimizer specification) {
        this.engine = engine;
        this.specification = specification;
        this.values = engine.parameters().flatValues();
        this.gradients = engine.parameters().flatGradients();
        try (PointerScope _ = new PointerScope()) {
            switch (specification) {
                case DenseOptimizer.Adam _, DenseOptimizer.AdamW _ -> {
                    moment("first_moment", 0);
                    moment("second_moment", 0);
                }
                case DenseOptimizer.Sgd sgd -> {
                    if (sgd.momentum() > 0) {
                        moment("momentum", 0);
                    }
                }
                case DenseOptimizer.Adagrad adagrad -> moment("accumulator", adagrad.initialAccumulator());
            }
        }
    }

    private void moment(String name, double start) {
        moments.put(name, engine.keep(torch.zeros_like(values).fill_(new Scalar(start))));
    }

    /// Moves the parameters along their gradients, which stay as they are, with the rate times `rateScale`.
    public void step(double rateScale) {
        engine.requireOpen();
        stepCount++;
        move(new Part(values, gradients, moments), rateScale);
    }

    /// The same by several lanes, each of which moves a part of the parameters.
    public void step(double rateScale, Lanes lanes, int laneCount) {
        engine.requireOpen();
        stepCount++;
        long size = values.numel();
        lanes.run(laneCount, lane -> {
            try (PointerScope _ = new PointerScope()) {
                move(part(size * lane / laneCount, size * (lane + 1) / laneCount), rateScale);
            }
        });
    }

    /// Some of the parameters, one after the other, with all that belongs to them.
    private record Part(Tensor values, Tensor gradients, Map<String, Tensor> moments) {

        /// g + λ θ.
        Tensor decayed(double weightDecay) {
            return weightDecay == 0 ? gradients : gradients.add(values, new Scalar(weightDecay));
        }
    }

    private Part part(long from, long to) {
        Map<String, Tensor> own = new LinkedHashMap<>();
        moments.forEach((name, moment) -> own.put(name, moment.narrow(0, from, to - from)));
        return new Part(values.narrow(0, from, to - from), gradients.narrow(0, from, to - from), own);
    }

    private void move(Part part, double rateScale) {
        double rate = specification.rate() * rateScale;
        try (PointerScope _ = new PointerScope()) {
            switch (specification) {
                case DenseOptimizer.Adam adam ->
                    adam(part, part.decayed(adam.weightDecay()), rate, adam.beta1(), adam.beta2(), adam.epsilon());
                case DenseOptimizer.AdamW adam -> {
                    part.values().mul_(new Scalar(1 - rate * adam.weightDecay()));
                    adam(part, part.gradients(), rate, adam.beta1(), adam.beta2(), adam.epsilon());
                }
                case DenseOptimizer.Sgd sgd -> sgd(part, part.decayed(sgd.weightDecay()), rate, sgd);
                case DenseOptimizer.Adagrad adagrad -> {
                    Tensor gradient = part.decayed(adagrad.weightDecay());
                    Tensor accumulator = part.moments().get("accumulator").addcmul_(gradient, gradient);
                    Tensor divisor = accumulator.sqrt().add_(new Scalar(adagrad.epsilon()));
                    part.values().addcdiv_(gradient, divisor, new Scalar(-rate));
                }
            }
        }
    }

    private void adam(Part part, Tensor gradient, double rate, double beta1, double beta2, double epsilon) {
        double firstCorrection = 1 - Math.pow(beta1, (double) stepCount);
        double secondCorrection = 1 - Math.pow(beta2, (double) stepCount);
        Tensor first = part.moments().get("first_moment").lerp_(gradient, new Scalar(1 - beta1));
        Tensor second = part.moments()
                .get("second_moment")
                .mul_(new Scalar(beta2))
                .addcmul_(gradient, gradient, new Scalar(1 - beta2));
        Tensor divisor =
                second.sqrt().div_(new Scalar(Math.sqrt(secondCorrection))).add_(new Scalar(epsilon));
        part.values().addcdiv_(first, divisor, new Scalar(-rate / firstCorrection));
    }

    private static void sgd(Part part, Tensor gradient, double rate, DenseOptimizer.Sgd sgd) {
        Tensor direction = gradient;
        if (sgd.momentum() > 0) {
            Scalar momentum = new Scalar(sgd.momentum());
            Tensor velocity = part.moments().get("momentum").mul_(momentum).add_(gradient);
            direction = sgd.nesterov() ? gradient.add(velocity, momentum) : velocity;
        }
        part.values().add_(direction, new Scalar(-rate));
    }

    /// Shrinks all gradients together so that their Euclidean norm is at most `maximum`; returns the norm before. A
    /// norm that is not finite changes nothing.
    public double clipGradientNorm(double maximum) {
        if (!(maximum > 0)) {
            throw new IllegalArgumentException("maximum: expected above 0, found " + maximum);
        }
        engine.requireOpen();
        try (PointerScope _ = new PointerScope()) {
            double norm = gradients.norm().item_float();
            if (Double.isFinite(norm) && norm > maximum) {
                gradients.mul_(new Scalar(maximum / norm));
            }
            return norm;
        }
    }

    /// Copies of all that a later run needs to go on as if it had never stopped: the moments, as
    /// `first_moment.expert.0.weight`, and `step_count`.
    public SortedMap<String, Array> state() {
        engine.requireOpen();
        SortedMap<String, Array> state = new TreeMap<>();
        moments.forEach((moment, flat) -> engine.parameters()
                .split(flat)
                .forEach((parameter, array) -> state.put(moment + "." + parameter, array)));
        Array count = Array.zeros(2);
        count.values().put(0, (float) (stepCount >>> LOW_BITS)).put(1, (float) (stepCount & ((1L << LOW_BITS) - 1)));
        state.put(STEP_COUNT, count);
        return state;
    }

    /// Takes over a [#state] of the same optimizer and parameters. Throws [IllegalArgumentException] that names the
    /// tensor where one is missing, unexpected or of another shape.
    public void load(Map<String, Array> state) {
        engine.requireOpen();
        Map<String, Array> rest = new TreeMap<>(state);
        Array count = rest.remove(STEP_COUNT);
        if (count == null || Array.count(count.shape()) != 2) {
            throw new IllegalArgumentException("tensor '" + STEP_COUNT + "': expected shape [2], found " + count);
        }
        engine.parameters().join(rest, moments);
        stepCount = ((long) count.values().get(0) << LOW_BITS)
                + (long) count.values().get(1);
    }
}
