package io.github.corymb.export;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// A graph in ONNX Runtime, computed on one thread as a server does. One thread at a time. Whoever opened it closes it.
public final class OnnxGraph implements AutoCloseable {

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final Map<String, Long> widths = new HashMap<>(); // of a row of each input

    private OnnxGraph(byte[] graph) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            session = environment.createSession(graph, options);
        }
        for (NodeInfo input : session.getInputInfo().values()) {
            widths.put(input.getName(), ((TensorInfo) input.getInfo()).getShape()[1]);
        }
    }

    /// @param graph an ONNX file, whose inputs are [rows, width] of float32
    /// @throws IllegalArgumentException where ONNX Runtime refuses it
    public static OnnxGraph open(byte[] graph) {
        try {
            return new OnnxGraph(graph);
        } catch (OrtException refused) {
            throw new IllegalArgumentException("ONNX Runtime refuses the graph: " + refused.getMessage(), refused);
        }
    }

    /// The outputs by name, row-major, in their order.
    ///
    /// @param inputs by name, as many rows each as there are between position and limit; a direct buffer in native byte
    ///     order is not copied
    public Map<String, float[]> run(Map<String, FloatBuffer> inputs) {
        Map<String, OnnxTensor> tensors = new HashMap<>();
        try {
            for (Map.Entry<String, FloatBuffer> input : inputs.entrySet()) {
                long width = widths.get(input.getKey());
                long[] shape = {input.getValue().remaining() / width, width};
                tensors.put(input.getKey(), OnnxTensor.createTensor(environment, input.getValue(), shape));
            }
            Map<String, float[]> outputs = new LinkedHashMap<>();
            try (OrtSession.Result result = session.run(tensors)) {
                for (Map.Entry<String, OnnxValue> output : result) {
                    FloatBuffer buffer = ((OnnxTensor) output.getValue()).getFloatBuffer();
                    float[] values = new float[buffer.remaining()]; // [rows · width]
                    buffer.get(values);
                    outputs.put(output.getKey(), values);
                }
            }
            return outputs;
        } catch (OrtException fault) {
            throw new IllegalStateException(fault);
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException fault) {
            throw new IllegalStateException(fault);
        }
    }
}
