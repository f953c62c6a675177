package io.github.corymb.bench;

import io.github.corymb.tensor.Device;
import io.github.corymb.tensor.Precision;
import io.github.corymb.tensor.Tensor;
import io.github.corymb.tensor.torch.Step;
import io.github.corymb.tensor.torch.TorchEngine;
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
                engine.forward(() -> List.of(measured()));
            }
        }
        return (double) steps * rowCount / (nanos / 1e9);
    }

    /// All that is multiplied comes out of a product, so that it has the precision of the pass.
    private Tensor measured() {
        int first = WideStep.LAYERS.get(0);
        int second = WideStep.LAYERS.get(1);
        Tensor x = product(rowCount, WideStep.WIDTH);
        Tensor y = product(rowCount, first);
        Tensor z = product(rowCount, second);
        Tensor w = product(first, WideStep.WIDTH);
        Tensor v = product(second, first);
        Tensor last = x;
        long started = System.nanoTime();
        for (int expert = 0; expert < WideStep.EXPERTS; expert++) {
            last = x.linear(w); // [B, 256]
            last = y.linear(v); // [B, 128]
            last = z.matmul(v); // [B, 256]
            last = z.transpose(0, 1).matmul(y); // [128, 256]
            last = y.matmul(w); // [B, 640]
            last = y.transpose(0, 1).matmul(x); // [256, 640]
        }
        nanos += System.nanoTime() - started;
        return last;
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
