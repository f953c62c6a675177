package io.github.corymb.network;

import io.github.corymb.tensor.ParameterStore;
import io.github.corymb.tensor.Tensor;
import java.util.List;

/// How much of each of n experts a row takes: one linear map and a softmax.
///
///     g(x) = softmax(W x)
///
/// With dropout, an expert's share of a row is zeroed with that probability while training, and what is left is scaled
/// to sum 1 again; this keeps a gate from settling on few experts. A row that loses all its experts mixes nothing in
/// that step. A gate over one expert drops nothing.
///
/// Zhao et al., *Recommending What Video to Watch Next: A Multitask Ranking System*, RecSys 2019.
///
/// [B, D] → [B, n], each row a distribution. Parameter: `weight` [n, D].
public final class Gate {

    private static final double SUM_MINIMUM = 1e-12; // keeps 0 / 0 away from rows whose experts were all dropped

    private final Linear linear; // W
    private final double dropout;

    /// @param expertCount n
    /// @param dropout in [0, 1)
    public Gate(ParameterStore store, int inputWidth, int expertCount, double dropout) {
        this.linear = Linear.withoutBias(store, inputWidth, expertCount);
        this.dropout = expertCount > 1 ? dropout : 0;
    }

    public Tensor forward(Tensor x) { // [B, D]
        return drop(linear.forward(x).softmax()); // [B, n]
    }

    /// What K gates over the same experts give for the same input, by one product: alone they are so narrow that
    /// reading the input, and summing its gradient, is all that they cost.
    ///
    /// @param gates K of one shape and dropout
    /// @param x [B, D]
    /// @return [B, K, n]
    public static Tensor forwardEach(List<Gate> gates, Tensor x) {
        List<Tensor> weights = gates.stream().map(gate -> gate.linear.weight()).toList(); // K × [n, D]
        Tensor joined = weights.getFirst().concat(weights.subList(1, weights.size()), 0); // [K n, D]
        long count = weights.getFirst().shape()[0]; // n
        Tensor shares = x.linear(joined).reshape(-1, gates.size(), count).softmax(); // [B, K, n]
        return gates.getFirst().drop(shares); // [B, K, n]
    }

    @SuppressWarnings("ReferenceEquality") // the same tensor: nothing was dropped
    private Tensor drop(Tensor shares) { // [.., n]
        if (dropout == 0) {
            return shares;
        }
        Tensor kept = shares.dropout(dropout); // [.., n]
        if (kept == shares) { // they sum to 1 as they are
            return shares;
        }
        return kept.divide(kept.sum(-1).unsqueeze(-1).maximum(SUM_MINIMUM)); // [.., n]
    }

    /// The mixture Σ_i g_i · f_i.
    ///
    /// @param gate [B, n]
    /// @param experts [B, n, H]
    /// @return [B, H]
    public static Tensor mix(Tensor gate, Tensor experts) {
        return mixEach(gate.unsqueeze(1), experts).getFirst(); // [B, H]
    }

    /// The mixture of each of K gates over the same experts, in one batched product: the experts' outputs, by far the
    /// largest tensor here, are read once forward and once backward, however many gates there are.
    ///
    /// @param shares [B, K, n], as [#forwardEach] gives them
    /// @param experts [B, n, H]
    /// @return K × [B, H]
    public static List<Tensor> mixEach(Tensor shares, Tensor experts) {
        return shares.matmul(experts).unbind(1); // [B, K, H] → K × [B, H]
    }

    /// The mixture over the experts of several groups, which the gate counts through in the given order: the same as
    /// over all of them joined, without the copy.
    ///
    /// @param gate [B, n]
    /// @param groups each [B, n_j, H], with Σ_j n_j = n
    /// @return [B, H]
    public static Tensor mix(Tensor gate, List<Tensor> groups) {
        Tensor mixture = null;
        long start = 0;
        for (Tensor group : groups) {
            long count = group.shape()[1]; // n_j
            Tensor part = mix(gate.narrow(1, start, count), group); // [B, H]
            mixture = mixture == null ? part : mixture.add(part); // [B, H]
            start += count;
        }
        assert start == gate.shape()[1] : "a gate over " + gate.shape()[1] + " experts met " + start;
        return mixture;
    }
}
