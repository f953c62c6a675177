package io.github.corymb.serving;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.github.corymb.bundle.GraphSignature;
import io.github.corymb.bundle.ServingBundle;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What each feature does to the predictions of a few items: each prediction minus the one where that feature alone has
/// no value.
///
///     d_kf(i) = y_k(x_i) - y_k(x_i, f NULL)
///
/// Nothing is encoded or looked up again: the rows that a request left in its workspace are taken, and the inputs of
/// one feature after another exchanged for those of NULL. The graph runs once a feature over the explained items, with
/// the user's side of one row where the request had one.
///
/// Memory outside the heap is [RankQuestion#EXPLAIN_LIMIT] rows of all inputs, twice. One thread at a time.
final class Ablation {

    /// Runs the graph and leaves the predictions of `rowCount` rows in the workspace.
    interface Graph {
        void run(Map<String, OnnxTensor> inputs, int rowCount) throws OrtException;
    }

    private final List<String> features;
    private final List<GraphSignature.Input> inputs;
    private final List<FloatBuffer> given; // an input each: [EXPLAIN_LIMIT, width]
    private final List<FloatBuffer> absent; // the same, each row that of NULL

    /// @param absentRow a workspace that holds a row without any value
    Ablation(ServingBundle bundle, Workspace absentRow) {
        features = List.copyOf(bundle.schema().features().keySet());
        inputs = new ArrayList<>(bundle.request().inputs());
        inputs.addAll(bundle.items().inputs());
        given = buffers(bundle);
        absent = buffers(bundle);
        absentRow.copyRows(new int[1], absent);
        repeatFirstRows();
    }

    /// @param workspace as the request left it; its predictions are overwritten
    /// @param answer to explain
    /// @param tasks indices of the tasks that it holds
    /// @param items at most [RankQuestion#EXPLAIN_LIMIT], at least one
    List<Ranking.Explanation> explain(Workspace workspace, Ranking answer, int[] tasks, int[] items, Graph graph)
            throws OrtException {
        workspace.copyRows(items, given);
        for (int at = 0; at < inputs.size(); at++) {
            absent.get(at).limit(given.get(at).limit());
        }
        List<Ranking.Explanation> explanations = new ArrayList<>();
        for (int item : items) {
            List<float[]> differences = answer.tasks().stream()
                    .map(task -> new float[features.size() * task.width()])
                    .toList();
            explanations.add(new Ranking.Explanation(item, features, differences));
        }
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        Map<String, OnnxTensor> nulls = new LinkedHashMap<>();
        try {
            fill(tensors, given);
            fill(nulls, absent);
            for (int f = 0; f < features.size(); f++) {
                graph.run(without(features.get(f), tensors, nulls), items.length);
                subtract(workspace, answer, tasks, f, explanations);
            }
        } finally {
            tensors.values().forEach(OnnxTensor::close);
            nulls.values().forEach(OnnxTensor::close);
        }
        return explanations;
    }

    private Map<String, OnnxTensor> without(
            String feature, Map<String, OnnxTensor> tensors, Map<String, OnnxTensor> nulls) {
        Map<String, OnnxTensor> exchanged = new LinkedHashMap<>(tensors);
        for (GraphSignature.Input input : inputs) {
            if (input.feature().equals(feature)) {
                exchanged.put(input.name(), nulls.get(input.name()));
            }
        }
        return exchanged;
    }

    private static void subtract(
            Workspace workspace, Ranking answer, int[] tasks, int feature, List<Ranking.Explanation> explanations) {
        for (int t = 0; t < tasks.length; t++) {
            Ranking.TaskScores answered = answer.tasks().get(t);
            int width = answered.width();
            float[] without = workspace.predictions(tasks[t], 0, explanations.size()); // [items, width]
            for (int i = 0; i < explanations.size(); i++) {
                Ranking.Explanation of = explanations.get(i);
                for (int c = 0; c < width; c++) {
                    of.differences().get(t)[feature * width + c] =
                            answered.values()[of.item() * width + c] - without[i * width + c];
                }
            }
        }
    }

    private void fill(Map<String, OnnxTensor> tensors, List<FloatBuffer> from) throws OrtException {
        for (int at = 0; at < inputs.size(); at++) {
            int width = inputs.get(at).width();
            long[] shape = {from.get(at).limit() / width, width};
            tensors.put(
                    inputs.get(at).name(),
                    OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), from.get(at), shape));
        }
    }

    private List<FloatBuffer> buffers(ServingBundle bundle) {
        return inputs.stream()
                .map(input -> bundle.zeros(RankQuestion.EXPLAIN_LIMIT * input.width()))
                .toList();
    }

    private void repeatFirstRows() {
        for (int at = 0; at < inputs.size(); at++) {
            FloatBuffer rows = absent.get(at).clear();
            int width = inputs.get(at).width();
            for (int row = 1; row < RankQuestion.EXPLAIN_LIMIT; row++) {
                rows.put(row * width, rows, 0, width);
            }
        }
    }
}
