package io.github.corymb.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.corymb.bundle.BundleReader.Verification;
import io.github.corymb.bundle.GraphSignature;
import io.github.corymb.bundle.InputSide;
import io.github.corymb.bundle.ServingBundle;
import io.github.corymb.embedding.DirectFloats;
import io.github.corymb.feature.Column;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A bundle's graph in ONNX Runtime and nothing around it: tensors are filled once, a run computes all tasks into
/// buffers that are there already. One thread. Whoever opened it closes it.
final class BareGraph implements AutoCloseable {

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final ServingBundle bundle;
    private final OrtSession session;
    private final List<Tensors> requests = new ArrayList<>();

    /// @param rows keeps the buffers of the inputs reachable
    private record Tensors(
            List<InputSide.Rows> rows, Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) {}

    /// @param threads of ONNX Runtime
    BareGraph(Path folder, int threads) throws OrtException {
        bundle = ServingBundle.open(folder, Verification.ALL_BUT_TABLES);
        try (OrtSession.SessionOptions settings = new OrtSession.SessionOptions()) {
            settings.setIntraOpNumThreads(threads);
            settings.setInterOpNumThreads(1);
            session = environment.createSession(bundle.graph().toString(), settings);
        } catch (OrtException | RuntimeException fault) {
            bundle.close();
            throw fault;
        }
    }

    /// Prepares the tensors of a request.
    ///
    /// @return its number, from 0
    int add(Map<String, List<Object>> user, Map<String, List<Object>> items, int itemCount) throws OrtException {
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        InputSide.Rows userRows = fill(bundle.request(), user, 1, inputs);
        InputSide.Rows itemRows = fill(bundle.items(), items, itemCount, inputs);
        Map<String, OnnxTensor> outputs = new LinkedHashMap<>();
        for (GraphSignature.Output output : bundle.signature().outputs()) {
            outputs.put(
                    output.name(),
                    tensor(DirectFloats.collected(itemCount * output.width()), itemCount, output.width()));
        }
        requests.add(new Tensors(List.of(userRows, itemRows), inputs, outputs));
        return requests.size() - 1;
    }

    void run(int request) throws OrtException {
        Tensors tensors = requests.get(request);
        try (OrtSession.Result _ = session.run(tensors.inputs(), tensors.outputs())) {
            // the predictions are in the outputs
        }
    }

    private InputSide.Rows fill(
            InputSide side, Map<String, List<Object>> values, int rowCount, Map<String, OnnxTensor> into)
            throws OrtException {
        Map<String, Column> columns = new LinkedHashMap<>();
        values.forEach((name, column) -> columns.put(name, Column.ofRows(column)));
        InputSide.Rows rows = side.rows();
        side.fill(columns, rowCount, rows);
        for (int at = 0; at < side.inputs().size(); at++) {
            GraphSignature.Input input = side.inputs().get(at);
            into.put(input.name(), tensor(rows.tensors().get(at), rowCount, input.width()));
        }
        return rows;
    }

    private OnnxTensor tensor(FloatBuffer values, int rowCount, int width) throws OrtException {
        return OnnxTensor.createTensor(environment, values, new long[] {rowCount, width});
    }

    @Override
    public void close() throws OrtException {
        for (Tensors tensors : requests) {
            tensors.inputs().values().forEach(OnnxTensor::close);
            tensors.outputs().values().forEach(OnnxTensor::close);
        }
        session.close();
        bundle.close();
    }
}
