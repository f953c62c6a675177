package io.github.corymb.export;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// A graph in ONNX Runtime, as a server runs it.
final class RunGraph implements AutoCloseable {

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    private final OrtSession session;

    RunGraph(byte[] model) throws OrtException {
        options.setIntraOpNumThreads(1);
        session = environment.createSession(model, options);
    }

    /// The outputs by name, for inputs by name, each as many rows as fit its width.
    Map<String, float[]> run(Map<String, float[]> inputs, Map<String, Integer> widths) throws OrtException {
        Map<String, OnnxTensor> tensors = new HashMap<>();
        for (Map.Entry<String, float[]> input : inputs.entrySet()) {
            long width = widths.get(input.getKey());
            long[] shape = {input.getValue().length / width, width};
            tensors.put(
                    input.getKey(), OnnxTensor.createTensor(environment, FloatBuffer.wrap(input.getValue()), shape));
        }
        Map<String, float[]> outputs = new LinkedHashMap<>();
        try (OrtSession.Result result = session.run(tensors)) {
            for (String name : session.getOutputNames()) {
                FloatBuffer buffer = ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer();
                float[] values = new float[buffer.remaining()];
                buffer.get(values);
                outputs.put(name, values);
            }
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
        return outputs;
    }

    @Override
    public void close() throws OrtException {
        session.close();
        options.close();
    }
}
