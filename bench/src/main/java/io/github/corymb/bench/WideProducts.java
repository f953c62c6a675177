package io.github.corymb.bench;

import io.github.corymb.tensor.Device;
import io.github.corymb.tensor.Precision;
import io.github.corymb.tensor.Tensor;
import io.github.corymb.tensor.torch.Step;
import io.github.corymb.tensor.torch.TorchEngine;
import java.util.ArrayList;
import java.util.List;

/// The matrix products of a [WideStep]'s experts and nothing else, the least that a step can take: forward y = x Wᵀ,
/// backward x' = y' W and W' = y'ᵀ x, for both layers of every expert.
final class WideProducts implements AutoCloseable {

    private final TorchEngine engine;
    private double rate;

    WideProducts(Precision precision, int threads) {
        engine = new TorchEngine(new Device.Cpu(), precision, threads, 1);
    }

    /// Floating-point operations of these products a row, forward and backward.
    static double operationsPerRow() {
        int first = WideStep.LAYERS.get(0);
        int second = WideStep.LAYERS.get(1);
        return 3.0 * 2 * WideStep.EXPERTS * (WideStep.WIDTH * first + first * second);
    }

    /// Rows a second.
    double rate(int steps) {
        try (Step _ = engine.step(1, true)) {
            engine.forward(() -> measured(steps));
        }
        return rate;
    }

    /// All that is multiplied comes out of a product, so that it has the precision of the pass.
    private List<Tensor> measured(int steps) {
        int first = WideStep.LAYERS.get(0);
        int second = WideStep.LAYERS.get(1);
        Tensor x = product(WideStep.ROWS, WideStep.WIDTH);
        Tensor y = product(WideStep.ROWS, first);
        Tensor z = product(WideStep.ROWS, second);
        Tensor w = product(first, WideStep.WIDTH);
        Tensor v = product(second, first);
        long started = System.nanoTime();
        List<Tensor> results = new ArrayList<>(); // kept, so that no product is left out
        for (int i = 0; i < steps; i++) {
            results.clear();
            for (int expert = 0; expert < WideStep.EXPERTS; expert++) {
                results.add(x.linear(w)); // [B, 256]
                results.add(y.linear(v)); // [B, 128]
                results.add(z.matmul(v)); // [B, 256]
                results.add(z.transpose(0, 1).matmul(y)); // [128, 256]
                results.add(y.matmul(w)); // [B, 640]
                results.add(y.transpose(0, 1).matmul(x)); // [256, 640]
            }
        }
        rate = (double) steps * WideStep.ROWS / ((System.nanoTime() - started) / 1e9);
        return List.of(y);
    }

    private Tensor product(int rows, int columns) {
        float[] left = new float[rows * 16];
        float[] right = new float[columns * 16];
        fill(left);
        fill(right);
        return engine.constant(left, rows, 16).linear(engine.constant(right, columns, 16)); // [rows, columns]
    }

    private static void fill(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(i);
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}
