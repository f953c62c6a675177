package io.github.corymb.network;

import io.github.corymb.tensor.ParameterStore;
import io.github.corymb.tensor.Tensor;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/// n perceptrons of one shape over one input, computed one by one or together; both ways have the same parameters and
/// give the same outputs and gradients up to rounding (dropout, which zeroes other elements, aside).
///
/// [B, D] → [B, n, H]. Parameters: `expert.i.layer.j.…` as in [Mlp]. A parameter starts by its name, hence experts
/// start differently from one another.
public final class Experts {

    private final List<Mlp> experts; // n
    private final ExpertComputation computation;

    /// @param count n, at least 1
    public Experts(ParameterStore store, int inputWidth, int count, MlpSpec spec, ExpertComputation computation) {
        if (count < 1) {
            throw new IllegalArgumentException("experts: expected at least 1, found " + count);
        }
        if (spec.widths().isEmpty()) {
            throw new IllegalArgumentException("expert: expected at least 1 width, found none");
        }
        this.experts = IntStream.range(0, count)
                .mapToObj(i -> new Mlp(store.scope("expert", i), inputWidth, spec))
                .toList();
        this.computation = computation;
    }

    /// n.
    public int count() {
        return experts.size();
    }

    /// H.
    public int outputWidth() {
        return experts.getFirst().outputWidth();
    }

    public Tensor forward(Tensor x) { // [B, D]
        return switch (computation) {
            case BATCHED -> batched(x).transpose(0, 1); // [B, n, H]
            case LOOPED -> looped(x); // [B, n, H]
        };
    }

    private Tensor looped(Tensor x) { // [B, D]
        List<Tensor> outputs = experts.stream().map(expert -> expert.forward(x)).toList(); // n × [B, H]
        return Tensor.stackAll(outputs, 1); // [B, n, H]
    }

    private Tensor batched(Tensor x) { // [B, D]
        Tensor h = finish(0, first(x)); // [n, B, H_0]
        for (int depth = 1; depth < experts.getFirst().layers().size(); depth++) {
            h = finish(depth, inner(depth, h)); // [n, B, H_depth]
        }
        return h;
    }

    /// The first linear map: its input is one for all, so the weights of all experts stand under one another and one
    /// plain product does.
    private Tensor first(Tensor x) { // [B, D]
        Tensor weight = join(each(0, MlpLayer::weight)); // [n H, D]
        Tensor all = hasBias(0) ? x.linear(weight, join(each(0, MlpLayer::bias))) : x.linear(weight); // [B, n H]
        long width = all.shape()[1] / count();
        return all.reshape(-1, count(), width).transpose(0, 1); // [n, B, H]
    }

    /// A later linear map: a product an expert, all in one batched product.
    private Tensor inner(int depth, Tensor h) { // [n, B, D]
        Tensor weight = stack(each(depth, MlpLayer::weight)); // [n, H, D]
        Tensor product = h.matmul(weight.transpose(1, 2)); // [n, B, H]
        return hasBias(depth)
                ? product.add(stack(each(depth, MlpLayer::bias)).unsqueeze(1)) // [n, B, H] + [n, 1, H]
                : product;
    }

    /// What follows a linear map: at once where it has no parameters, else expert by expert.
    private Tensor finish(int depth, Tensor h) { // [n, B, H]
        MlpLayer layer = experts.getFirst().layers().get(depth);
        if (!layer.finishHasParameters()) {
            return layer.finish(h); // [n, B, H]
        }
        List<MlpLayer> layers =
                experts.stream().map(expert -> expert.layers().get(depth)).toList(); // n
        return stack(IntStream.range(0, count())
                .mapToObj(i -> layers.get(i).finish(h.narrow(0, i, 1).squeeze(0))) // [B, H]
                .toList()); // [n, B, H]
    }

    private boolean hasBias(int depth) {
        return experts.getFirst().layers().get(depth).hasBias();
    }

    private List<Tensor> each(int depth, Function<MlpLayer, Tensor> part) {
        return experts.stream()
                .map(expert -> part.apply(expert.layers().get(depth)))
                .toList();
    }

    private static Tensor stack(List<Tensor> parts) {
        return Tensor.stackAll(parts, 0); // [n, ..]
    }

    private static Tensor join(List<Tensor> parts) {
        return parts.getFirst().concat(parts.subList(1, parts.size()), 0); // [n H, ..]
    }
}
