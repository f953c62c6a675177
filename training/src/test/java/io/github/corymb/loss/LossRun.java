package io.github.corymb.loss;

import io.github.corymb.tensor.Device;
import io.github.corymb.tensor.Tensor;
import io.github.corymb.tensor.torch.Step;
import io.github.corymb.tensor.torch.TorchEngine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/// A loss as the engine computes it: its value, and its gradient by the model's outputs, row-major.
final class LossRun {

    private final double value;
    private final float[] gradient; // [B, width]

    private LossRun(double value, float[] gradient) {
        this.value = value;
        this.gradient = gradient;
    }

    double value() {
        return value;
    }

    float[] gradient() {
        return gradient;
    }

    static LossRun of(TaskLoss loss, int width, float[] output, float[] label, float[] weight, int labelledRowCount) {
        int rowCount = label.length;
        FloatBuffer direct = ByteBuffer.allocateDirect(output.length * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        direct.put(0, output);
        try (TorchEngine engine = new TorchEngine(new Device.Cpu(), 1, 0);
                Step _ = engine.step(0, true)) {
            Tensor z = engine.leaf(direct, rowCount, width);
            Tensor y = engine.constant(label, rowCount, 1);
            Tensor w = engine.constant(weight, rowCount, 1);
            Tensor value = loss.forward(z, y, w, labelledRowCount);
            engine.backward(value);
            float[] gradient = new float[output.length];
            engine.gradient(z).get(0, gradient);
            return new LossRun(engine.scalar(value), gradient);
        }
    }
}
