package io.github.corymb.serving;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.github.corymb.bundle.InputSide;
import io.github.corymb.feature.Column;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// The rows of one side of a graph's input, and ONNX Runtime's tensors over them: those of the request before, unless
/// there are more rows or fewer now. One thread at a time; whoever made it closes it.
final class SideTensors implements AutoCloseable {

    private final InputSide side;
    private final InputSide.Rows rows;
    private final List<OnnxTensor> tensors = new ArrayList<>(); // an input of the side each, or none yet
    private int rowCount; // of the tensors

    SideTensors(InputSide side) {
        this.side = side;
        rows = side.rows();
    }

    InputSide.Rows rows() {
        return rows;
    }

    /// As [InputSide#fill(Map, int, InputSide.Rows)].
    void fill(Map<String, Column> columns, int count) {
        if (count != rowCount) {
            close(); // the memory below may give way to more
        }
        side.fill(columns, count, rows);
    }

    /// As [InputSide.Rows#join(List, int[])].
    void join(List<SideTensors> parts, int[] counts) {
        if (IntStream.of(counts).sum() != rowCount) {
            close(); // the memory below may give way to more
        }
        rows.join(parts.stream().map(SideTensors::rows).toList(), counts);
    }

    /// Puts a tensor over the rows that were filled under the name of each input.
    void putTensors(OrtEnvironment environment, Map<String, OnnxTensor> into) throws OrtException {
        rowCount = rows.rowCount();
        for (int at = 0; at < side.inputs().size(); at++) {
            if (at == tensors.size()) {
                FloatBuffer values = rows.tensors().get(at);
                long[] shape = {rowCount, side.inputs().get(at).width()};
                tensors.add(OnnxTensor.createTensor(environment, values, shape));
            }
            into.put(side.inputs().get(at).name(), tensors.get(at));
        }
    }

    /// Gives the tensors up; others are made when they are asked for.
    @Override
    public void close() {
        tensors.forEach(OnnxTensor::close);
        tensors.clear();
    }
}
