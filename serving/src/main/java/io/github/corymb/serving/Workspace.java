package io.github.corymb.serving;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.github.corymb.bundle.GraphSignature;
import io.github.corymb.bundle.InputSide;
import io.github.corymb.bundle.ServingBundle;
import io.github.corymb.feature.Column;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What one request needs of memory outside the heap, used again by later ones: the tensors of both sides and of the
/// predictions. It grows with the longest request it has met; its memory goes with the bundle. One thread at a time;
/// whoever made it closes it, before the bundle.
final class Workspace implements AutoCloseable {

    private static final int[] FIRST_ROW = {0};

    private final ServingBundle bundle;
    private final SideTensors request;
    private final SideTensors items;
    private final List<FloatBuffer> outputs = new ArrayList<>(); // a task each: [capacity, width]
    private int outputCapacity; // rows
    private final OnnxTensor[] outputTensors; // a task each, over the first rows; null until asked for
    private int outputRowCount; // of these tensors
    private Column absent = new Column.Longs(new long[1], new boolean[] {true});

    private Ablation ablation; // null until an explanation is asked for

    Workspace(ServingBundle bundle) {
        this.bundle = bundle;
        request = new SideTensors(bundle.request());
        items = new SideTensors(bundle.items());
        outputTensors = new OnnxTensor[bundle.signature().outputs().size()];
    }

    /// Encodes and looks up one side of the input.
    ///
    /// @param names the columns that the side reads
    /// @return how many of them were not given
    int fill(boolean ofItem, Set<String> names, Map<String, Column> given, int rowCount) {
        Map<String, Column> columns = given;
        int missing = 0;
        for (String name : names) {
            if (!given.containsKey(name)) {
                columns = missing == 0 ? new LinkedHashMap<>(given) : columns;
                columns.put(name, absent(rowCount));
                missing++;
            }
        }
        (ofItem ? items : request).fill(columns, rowCount);
        return missing;
    }

    /// Takes over what others were filled with, one after the other.
    ///
    /// @param counts rows of each
    void join(List<Workspace> parts, int[] counts) {
        request.join(parts.stream().map(part -> part.request).toList(), counts);
        items.join(parts.stream().map(part -> part.items).toList(), counts);
    }

    /// The graph's inputs over the rows that were filled; they are the workspace's.
    Map<String, OnnxTensor> inputs(OrtEnvironment environment) throws OrtException {
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        request.putTensors(environment, tensors);
        items.putTensors(environment, tensors);
        return tensors;
    }

    /// Where the graph writes the predictions of some tasks, `rowCount` rows each; they are the workspace's.
    Map<String, OnnxTensor> outputs(OrtEnvironment environment, int[] tasks, int rowCount) throws OrtException {
        List<GraphSignature.Output> all = bundle.signature().outputs();
        if (rowCount != outputRowCount) {
            closeOutputs();
            outputRowCount = rowCount;
        }
        if (outputs.isEmpty() || rowCount > outputCapacity) {
            outputCapacity = Math.max(rowCount, 2 * outputCapacity);
            outputs.clear();
            all.forEach(output -> outputs.add(bundle.zeros(Math.multiplyExact(outputCapacity, output.width()))));
        }
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        for (int k : tasks) {
            if (outputTensors[k] == null) {
                int width = all.get(k).width();
                FloatBuffer values = outputs.get(k).position(0).limit(rowCount * width);
                long[] shape = {rowCount, width};
                outputTensors[k] = OnnxTensor.createTensor(environment, values, shape);
            }
            tensors.put(all.get(k).name(), outputTensors[k]);
        }
        return tensors;
    }

    /// Copies rows of the graph's inputs as they were filled, those of the request's side before those of the items'.
    ///
    /// @param rows which; of a side that has one row for all, that one is copied once
    /// @param into an input each: [capacity, width]; its limit is then the end of what was copied
    void copyRows(int[] rows, List<FloatBuffer> into) {
        int requestCount = bundle.request().inputs().size();
        for (int at = 0; at < into.size(); at++) {
            boolean ofItem = at >= requestCount;
            InputSide side = ofItem ? bundle.items() : bundle.request();
            InputSide.Rows from = (ofItem ? items : request).rows();
            int place = ofItem ? at - requestCount : at;
            int width = side.inputs().get(place).width();
            int[] picked = from.rowCount() == 1 ? FIRST_ROW : rows;
            FloatBuffer target = into.get(at).clear().limit(picked.length * width);
            for (int row = 0; row < picked.length; row++) {
                target.put(row * width, from.tensors().get(place), picked[row] * width, width);
            }
        }
    }

    /// What explains an answer, made when it is first asked for.
    ///
    /// @param absentRow a workspace that holds a row without any value
    Ablation ablation(Workspace absentRow) {
        if (ablation == null) {
            ablation = new Ablation(bundle, absentRow);
        }
        return ablation;
    }

    /// A copy of what the graph wrote for task k: [rows, width].
    ///
    /// @param first row
    float[] predictions(int k, int first, int rowCount) {
        int width = bundle.signature().outputs().get(k).width();
        float[] copy = new float[rowCount * width];
        outputs.get(k).get(first * width, copy);
        return copy;
    }

    /// A column that is NULL in every row.
    private Column absent(int rowCount) {
        if (absent.nulls().length < rowCount) {
            boolean[] nulls = new boolean[rowCount];
            Arrays.fill(nulls, true);
            absent = new Column.Longs(new long[rowCount], nulls);
        }
        return absent;
    }

    @Override
    public void close() {
        request.close();
        items.close();
        closeOutputs();
    }

    private void closeOutputs() {
        for (int k = 0; k < outputTensors.length; k++) {
            if (outputTensors[k] != null) {
                outputTensors[k].close();
                outputTensors[k] = null;
            }
        }
    }
}
