package io.github.corymb.tensor.torch;

import io.github.corymb.tensor.Array;
import io.github.corymb.tensor.Initial;
import io.github.corymb.tensor.ParameterStore;
import io.github.corymb.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;

/// Parameters and buffers of one engine, by name. At the first step all parameters are laid into one flat tensor in
/// order of name, their gradients into a second one beside it, so that an optimizer walks two arrays. From then on
/// no parameter can be added.
public final class TorchParameters implements ParameterStore {

    private static final int ALIGNMENT = 16; // floats: a parameter starts on a cache line; the gaps stay zero

    /// Where a parameter or buffer lies, in floats from the start of its flat tensor.
    private record Place(TorchTensor tensor, long offset) {
        long[] shape() {
            return tensor.shape();
        }

        long count() {
            return Array.count(tensor.shape());
        }
    }

    private final TorchEngine engine;
    private final long seed;
    private final SortedMap<String, Place> parameters = new TreeMap<>();
    private final SortedMap<String, Place> buffers = new TreeMap<>();
    private final SortedMap<String, float[]> firstValues = new TreeMap<>(); // until they are laid out
    private org.bytedeco.pytorch.Tensor values; // [P], null until laid out
    private final List<org.bytedeco.pytorch.Tensor> gradients = new ArrayList<>(); // [P], one a lane
    private org.bytedeco.pytorch.Tensor kept; // the buffers' values
    private org.bytedeco.pytorch.Tensor remembered; // of the buffers; null until asked for

    TorchParameters(TorchEngine engine, long seed) {
        this.engine = engine;
        this.seed = seed;
    }

    @Override
    public Tensor parameter(String name, Initial initial, long... shape) {
        return add(parameters, name, InitialValues.of(initial, seed, name, shape), shape);
    }

    @Override
    public Tensor buffer(String name, double value, long... shape) {
        return add(buffers, name, InitialValues.of(new Initial.Constant(value), seed, name, shape), shape);
    }

    private Tensor add(SortedMap<String, Place> group, String name, float[] first, long... shape) {
        engine.requireOpen();
        if (values != null) {
            throw new IllegalStateException("parameter '" + name + "': expected before the first step, found after it");
        }
        if (firstValues.putIfAbsent(name, first) != null) {
            throw new IllegalArgumentException("parameter '" + name + "': expected a free name, found it taken");
        }
        TorchTensor tensor = new TorchTensor(engine, shape);
        group.put(name, new Place(tensor, 0));
        return tensor;
    }

    /// Lays all parameters out; what a first step does by itself. A second call does nothing.
    public void freeze() {
        if (values != null) {
            return;
        }
        engine.requireNoStep("freeze");
        try (PointerScope _ = new PointerScope()) {
            values = engine.keep(torch.zeros(new long[] {layOut(parameters)}, engine.options())); // [P]
            gradients.add(engine.keep(torch.zeros_like(values))); // [P]
            kept = engine.keep(torch.zeros(new long[] {layOut(buffers)}, engine.options()));
            bind(parameters, values);
            bind(buffers, kept);
            for (Place place : parameters.values()) {
                learn(place.tensor.memory(), part(gradients.getFirst(), place));
            }
        }
        firstValues.clear();
    }

    private static void learn(org.bytedeco.pytorch.Tensor leaf, org.bytedeco.pytorch.Tensor gradient) {
        leaf.requires_grad_(true);
        leaf.mutable_grad().put(gradient);
    }

    /// Gives every lane a gradient of its own of each parameter; the values stay one.
    void divide(int laneCount) {
        freeze();
        try (PointerScope _ = new PointerScope()) {
            while (gradients.size() < laneCount) {
                gradients.add(engine.keep(torch.zeros_like(values))); // [P]
            }
            for (Place place : parameters.values()) {
                org.bytedeco.pytorch.Tensor[] leaves = new org.bytedeco.pytorch.Tensor[laneCount - 1];
                for (int lane = 1; lane < laneCount; lane++) {
                    leaves[lane - 1] = engine.keep(part(values, place).detach());
                    learn(leaves[lane - 1], part(gradients.get(lane), place));
                }
                place.tensor.bindLanes(leaves);
            }
        }
    }

    /// Whether something is kept besides what is trained, such as the moments of batch normalisation.
    boolean hasBuffers() {
        return !buffers.isEmpty();
    }

    /// How many values are trained; buffers do not count.
    public long parameterCount() {
        return parameters.values().stream().mapToLong(Place::count).sum();
    }

    /// The shapes of all parameters, in order of name.
    public SortedMap<String, long[]> shapes() {
        SortedMap<String, long[]> shapes = new TreeMap<>();
        parameters.forEach((name, place) -> shapes.put(name, place.shape()));
        return Collections.unmodifiableSortedMap(shapes);
    }

    /// Copies of all parameters and buffers, in order of name.
    public SortedMap<String, Array> read() {
        freeze();
        SortedMap<String, Array> arrays = split(values, parameters);
        arrays.putAll(split(kept, buffers));
        return arrays;
    }

    /// Replaces the values of all parameters and buffers, between steps. Throws [IllegalArgumentException] that names
    /// the tensor where one is missing, unexpected or of another shape; then nothing is changed.
    public void write(Map<String, Array> arrays) {
        freeze();
        engine.requireNoStep("write");
        SortedMap<String, Place> all = new TreeMap<>(parameters);
        all.putAll(buffers);
        requireSame(all, arrays);
        join(arrays, values, parameters);
        join(arrays, kept, buffers);
    }

    /// Remembers the buffers' values for [#restoreBuffers()].
    public void rememberBuffers() {
        freeze();
        if (remembered == null) {
            try (PointerScope _ = new PointerScope()) {
                remembered = engine.keep(torch.empty_like(kept));
            }
        }
        try (PointerScope _ = new PointerScope()) {
            remembered.copy_(kept);
        }
    }

    /// Puts back what [#rememberBuffers()] found; what came in between, such as the moments of a batch, is forgotten.
    public void restoreBuffers() {
        try (PointerScope _ = new PointerScope()) {
            kept.copy_(remembered);
        }
    }

    /// The names of parameters whose gradient is zero throughout, as before any [TorchEngine#backward].
    public List<String> withoutGradient() {
        freeze();
        List<String> names = new ArrayList<>();
        split(gradients.getFirst(), parameters).forEach((name, gradient) -> {
            if (MemorySegment.ofBuffer(gradient.values())
                    .elements(ValueLayout.JAVA_FLOAT)
                    .allMatch(element -> element.get(ValueLayout.JAVA_FLOAT, 0) == 0)) {
                names.add(name);
            }
        });
        return names;
    }

    void zeroGradients(int lane) {
        freeze();
        try (PointerScope _ = new PointerScope()) {
            gradients.get(lane).zero_();
        }
    }

    void joinGradients(int laneCount) {
        try (PointerScope _ = new PointerScope()) {
            for (int lane = 1; lane < laneCount; lane++) {
                gradients.getFirst().add_(gradients.get(lane));
            }
        }
    }

    /// All parameters in one tensor. // [P]
    org.bytedeco.pytorch.Tensor flatValues() {
        freeze();
        return values;
    }

    /// All gradients in one tensor. // [P]
    org.bytedeco.pytorch.Tensor flatGradients() {
        return flatGradients(0);
    }

    /// All gradients of a lane in one tensor. // [P]
    org.bytedeco.pytorch.Tensor flatGradients(int lane) {
        freeze();
        return gradients.get(lane);
    }

    /// Copies out of a tensor that is laid out as the parameters are.
    SortedMap<String, Array> split(org.bytedeco.pytorch.Tensor flat) {
        return split(flat, parameters);
    }

    /// Copies into tensors that are laid out as the parameters are, from arrays named `prefix.parameter`, strictly as
    /// [#write].
    void join(Map<String, Array> arrays, Map<String, org.bytedeco.pytorch.Tensor> flats) {
        SortedMap<String, Place> all = new TreeMap<>();
        flats.keySet().forEach(prefix -> parameters.forEach((name, place) -> all.put(prefix + "." + name, place)));
        requireSame(all, arrays);
        flats.forEach((prefix, flat) -> {
            Map<String, Array> own = new TreeMap<>();
            parameters.keySet().forEach(name -> own.put(name, arrays.get(prefix + "." + name)));
            join(own, flat, parameters);
        });
    }

    /// Gives each member its place, and returns the length of the whole.
    private static long layOut(SortedMap<String, Place> group) {
        long[] end = {0};
        group.replaceAll((_, place) -> {
            long offset = end[0];
            end[0] = (offset + place.count() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
            return new Place(place.tensor, offset);
        });
        return end[0];
    }

    private void bind(SortedMap<String, Place> group, org.bytedeco.pytorch.Tensor flat) {
        org.bytedeco.pytorch.Tensor host = flat.is_cpu() ? flat : flat.cpu();
        MemorySegment memory = NativeFloats.segment(host);
        group.forEach((name, place) -> {
            float[] first = firstValues.get(name);
            MemorySegment.copy(first, 0, memory, ValueLayout.JAVA_FLOAT, place.offset * Float.BYTES, first.length);
            place.tensor.bind(engine.keep(part(flat, place).detach()));
        });
        if (!flat.is_cpu()) {
            flat.copy_(host);
        }
    }

    private static org.bytedeco.pytorch.Tensor part(org.bytedeco.pytorch.Tensor flat, Place place) {
        return flat.narrow(0, place.offset, place.count()).view(place.shape());
    }

    private static SortedMap<String, Array> split(org.bytedeco.pytorch.Tensor flat, SortedMap<String, Place> group) {
        SortedMap<String, Array> arrays = new TreeMap<>();
        try (PointerScope _ = new PointerScope()) {
            MemorySegment memory = NativeFloats.segment(NativeFloats.onCpu(flat));
            group.forEach((name, place) -> arrays.put(name, NativeFloats.copy(memory, place.offset, place.shape())));
        }
        return arrays;
    }

    private static void join(
            Map<String, Array> arrays, org.bytedeco.pytorch.Tensor flat, SortedMap<String, Place> group) {
        try (PointerScope _ = new PointerScope()) {
            org.bytedeco.pytorch.Tensor host = flat.is_cpu() ? flat : flat.cpu();
            MemorySegment memory = NativeFloats.segment(host);
            group.forEach((name, place) -> NativeFloats.write(arrays.get(name), memory, place.offset));
            if (!flat.is_cpu()) {
                flat.copy_(host);
            }
        }
    }

    private static void requireSame(SortedMap<String, Place> expected, Map<String, Array> found) {
        expected.forEach((name, place) -> {
            Array array = found.get(name);
            if (array == null) {
                throw new IllegalArgumentException("tensor '" + name + "': expected, found none");
            }
            if (!Arrays.equals(array.shape(), place.shape())) {
                throw new IllegalArgumentException("tensor '" + name + "': expected shape "
                        + Arrays.toString(place.shape()) + ", found " + Arrays.toString(array.shape()));
            }
        });
        found.keySet().stream()
                .filter(name -> !expected.containsKey(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException("tensor '" + name + "': not expected, found");
                });
    }
}
