package io.github.corymb.serving.server;

import io.github.corymb.bundle.GraphSignature;
import io.github.corymb.feature.Feature;
import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.Side;
import io.github.corymb.serving.Ranker;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A tensor of a model in the Open Inference Protocol: an input a column that features read, an output a task.
///
/// @param datatype what it usually is; a column takes every datatype that its features do
/// @param width 0 for one value a row, -1 for a list of any length, else the length
/// @param ofRequest whether it describes the user or the context, so that one row is enough for all items
/// @param ofItem whether it describes the items; one may be both
record ModelTensor(String name, Datatype datatype, int width, boolean ofRequest, boolean ofItem) {

    /// In the order in which features first read them.
    static Map<String, ModelTensor> inputs(FeatureSchema schema) {
        Map<String, ModelTensor> inputs = new LinkedHashMap<>();
        schema.features().forEach((name, feature) -> {
            String column = feature.columnOr(name);
            boolean ofItem = feature.side() == Side.ITEM;
            inputs.merge(
                    column,
                    new ModelTensor(column, datatype(feature), width(feature), !ofItem, ofItem),
                    ModelTensor::and);
        });
        return inputs;
    }

    static List<ModelTensor> outputs(Ranker ranker) {
        return ranker.tasks().stream().map(ModelTensor::output).toList();
    }

    /// -1 stands for any length.
    long[] shape() {
        return width == 0 ? new long[] {-1} : new long[] {-1, width};
    }

    private static ModelTensor output(GraphSignature.Output task) {
        return new ModelTensor(task.name(), Datatype.FP32, task.width(), false, true);
    }

    /// Of two features that read one column, the one that takes less says what it is.
    private ModelTensor and(ModelTensor other) {
        boolean first = datatype != Datatype.BYTES || other.datatype == Datatype.BYTES;
        return new ModelTensor(
                name,
                first ? datatype : other.datatype,
                first && width != 0 ? width : other.width,
                ofRequest || other.ofRequest,
                ofItem || other.ofItem);
    }

    private static Datatype datatype(Feature feature) {
        return switch (feature) {
            case Feature.Numeric _, Feature.Dense _ -> Datatype.FP64;
            case Feature.Categorical _, Feature.Bag _, Feature.Sequence _ -> Datatype.BYTES; // as text, or an integer
        };
    }

    private static int width(Feature feature) {
        return switch (feature) {
            case Feature.Categorical _, Feature.Numeric _ -> 0;
            case Feature.Dense dense -> dense.length();
            case Feature.Bag bag -> bag.separator() == null ? -1 : 0;
            case Feature.Sequence sequence -> sequence.separator() == null ? -1 : 0;
        };
    }
}
