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
    private final int rowCount; // B
    private long nanos; // in products

    WideProducts(Precision precision, int threads, int rowCount) {
        this.rowCount = rowCount;
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
        nanos = 0;
        for (int i = 0; i < steps; i++) {
            try (Step _ = engine.step(1, true)) { // what one step frees, the next takes, as in training
                List<Tensor> factors = new ArrayList<>();
                engine.forward(() -> {
                    factors.addAll(factors());
                    return List.of();
                });
                long started = System.nanoTime();
                multiply(factors);
                nanos += System.nanoTime() - started;
            }
        }
        return (double) steps * rowCount / (nanos / 1e9);
    }

    /// x, y, z, w, v of a forward pass: as they come out of a product, they have the precision of the pass.
    private List<Tensor> factors() {
        int first = WideStep.LAYERS.get(0);
        int second = WideStep.LAYERS.get(1);
        return List.of(
                product(rowCount, WideStep.WIDTH),
                product(rowCount, first),
                product(rowCount, second),
                product(first, WideStep.WIDTH),
                product(second, first));
    }

    /// After the pass, so that nothing is rounded again.
    private static void multiply(List<Tensor> factors) {
        Tensor x = factors.get(0);
        Tensor y = factors.get(1);
        Tensor z = factors.get(2);
        Tensor w = factors.get(3);
        Tensor v = factors.get(4);
        for (int expert = 0; expert < WideStep.EXPERTS; expert++) {
            x.linear(w); // [B, 256]
            y.linear(v); // [B, 128]
            z.matmul(v); // [B, 256]
            z.transpose(0, 1).matmul(y); // [128, 256]
            y.matmul(w); // [B, 640]
            y.transpose(0, 1).matmul(x); // [256, 640]
        }
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
