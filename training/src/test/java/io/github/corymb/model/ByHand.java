package io.github.corymb.model;

import io.github.corymb.network.PlainStore;
import java.util.Arrays;
import java.util.List;

/// The formulas of the models for one row, in plain loops over the parameters of a store: what the tests of the models
/// compute their expected values with. Hidden layers are rectified.
record ByHand(PlainStore store) {

    /// W x + b of the parameters under a name; b where there is one.
    double[] linear(String name, double... x) {
        double[] weight = store.get(name + ".weight").values(); // [H, D]
        double[] y = new double[weight.length / x.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = store.get(name + ".bias") == null
                    ? 0
                    : store.get(name + ".bias").values()[i];
            for (int j = 0; j < x.length; j++) {
                y[i] += weight[i * x.length + j] * x[j];
            }
        }
        return y;
    }

    /// All hidden layers under a name.
    double[] layers(String name, double... x) {
        double[] h = x;
        for (int i = 0; store.get(name + ".layer." + i + ".weight") != null; i++) {
            h = linear(name + ".layer." + i, h);
            for (int j = 0; j < h.length; j++) {
                h[j] = Math.max(0, h[j]);
            }
        }
        return h;
    }

    /// softmax(W x).
    double[] gate(String name, double... x) {
        double[] g = Arrays.stream(linear(name, x)).map(Math::exp).toArray();
        double sum = Arrays.stream(g).sum();
        return Arrays.stream(g).map(v -> v / sum).toArray();
    }

    double[] tower(String task, double... z) {
        return linear("tower." + task + ".output", layers("tower." + task, z));
    }

    /// Σ_i g_i · f_i.
    static double[] mix(double[] g, List<double[]> f) {
        double[] z = new double[f.getFirst().length];
        for (int i = 0; i < g.length; i++) {
            for (int j = 0; j < z.length; j++) {
                z[j] += g[i] * f.get(i)[j];
            }
        }
        return z;
    }
}
