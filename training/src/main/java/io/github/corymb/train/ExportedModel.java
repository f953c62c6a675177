package io.github.corymb.train;

import io.github.corymb.bundle.BundleJson;
import io.github.corymb.bundle.BundleLayout;
import io.github.corymb.bundle.BundleReader;
import io.github.corymb.bundle.BundleSchema;
import io.github.corymb.bundle.GraphSignature;
import io.github.corymb.bundle.InputSide;
import io.github.corymb.data.Dataset;
import io.github.corymb.data.Split;
import io.github.corymb.export.OnnxGraph;
import io.github.corymb.feature.Batch;
import io.github.corymb.feature.FittedTask;
import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A model as it was exported: its tables as they are stored, its graph in ONNX Runtime.
///
/// Used by one thread. Whoever opened it closes it.
final class ExportedModel implements AutoCloseable {

    private final BundleSchema schema;
    private final GraphSignature signature;
    private final InputSide input;
    private final InputSide.Rows rows;
    private final OnnxGraph graph;

    private ExportedModel(BundleReader bundle) throws IOException {
        schema = BundleJson.readSchema(bundle);
        signature = BundleJson.readServing(bundle).graph();
        graph = OnnxGraph.open(Files.readAllBytes(bundle.file(BundleLayout.GRAPH)));
        input = InputSide.openBoth(schema.features(), signature, bundle.tables());
        rows = input.rows();
    }

    /// @throws InputException if it is no bundle for serving
    static ExportedModel open(Path folder) {
        try {
            return new ExportedModel(BundleReader.open(folder));
        } catch (IOException problem) {
            throw new InputException("bundle %s: cannot be read: %s".formatted(folder, problem.getMessage()), problem);
        }
    }

    /// What it predicts for the labelled rows of a split.
    Evaluation evaluate(Dataset dataset, Split split) {
        return new Evaluator(this::score, ExportedModel::copy, schema.tasks(), false).evaluate(dataset, split);
    }

    private void score(Batch batch, float[][] outputs) {
        input.gather(batch, rows);
        Map<String, float[]> found = graph.run(inputs(signature, rows));
        List<FittedTask> tasks = schema.tasks();
        for (int k = 0; k < outputs.length; k++) {
            float[] values = found.get(tasks.get(k).name()); // [B, width]
            System.arraycopy(values, 0, outputs[k], 0, values.length);
        }
    }

    /// The tensors of both sides under the names of the graph's inputs.
    static Map<String, FloatBuffer> inputs(GraphSignature signature, InputSide.Rows rows) {
        Map<String, FloatBuffer> inputs = new HashMap<>();
        for (int at = 0; at < rows.tensors().size(); at++) {
            inputs.put(signature.inputs().get(at).name(), rows.tensors().get(at));
        }
        return inputs;
    }

    /// A graph gives predictions.
    private static void copy(FittedTask task, float[] outputs, int from, double[] predictions, int at) {
        for (int i = 0; i < task.width(); i++) {
            predictions[at + i] = outputs[from + i];
        }
    }

    @Override
    public void close() {
        graph.close();
        input.close();
    }
}
