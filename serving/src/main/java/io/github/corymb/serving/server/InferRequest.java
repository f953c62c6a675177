package io.github.corymb.serving.server;

import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.InputException;
import io.github.corymb.feature.NearestName;
import io.github.corymb.serving.FeatureRows;
import io.github.corymb.serving.RankQuestion;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// An inference of the Open Inference Protocol, whatever form it came in: named columns in, predictions of tasks out.
/// Columns of the items all have N rows, those of user and context all 1 or all N. A column that is not given is NULL.
///
/// @param id to be given back, or null
/// @param outputs the tasks that are wanted, empty for all
record InferRequest(String id, List<InputTensor> inputs, List<String> outputs) {

    /// Inputs, or outputs, of a request.
    static final int TENSOR_LIMIT = 10_000;

    InferRequest {
        requireLimit("inputs", inputs.size());
        requireLimit("outputs", outputs.size());
        Stream.concat(inputs.stream().map(InputTensor::name), outputs.stream())
                .filter(name -> name.length() > JsonReader.NAME_LIMIT)
                .findFirst()
                .ifPresent(name -> {
                    throw new InputException("inputs and outputs: expected names of at most %d characters, found %d"
                            .formatted(JsonReader.NAME_LIMIT, name.length()));
                });
    }

    private static void requireLimit(String place, int count) {
        if (count > TENSOR_LIMIT) {
            throw new InputException("%s: expected at most %d, found %d".formatted(place, TENSOR_LIMIT, count));
        }
    }

    /// @throws InputException for a tensor that the model has not, or one of another number of rows
    Asked of(FeatureSchema schema) {
        Map<String, ModelTensor> known = ModelTensor.inputs(schema);
        Set<String> given = new HashSet<>();
        for (InputTensor input : inputs) {
            if (!known.containsKey(input.name())) {
                throw new InputException("inputs: expected some of %s, found '%s'%s"
                        .formatted(known.keySet(), input.name(), NearestName.hint(input.name(), known.keySet())));
            }
            if (!given.add(input.name())) {
                throw new InputException("input '%s': expected once, found twice".formatted(input.name()));
            }
        }
        int itemCount = rowCount(known, true, rowCount(known, false, 0));
        FeatureRows context = FeatureRows.of(requestRowCount(known, itemCount));
        FeatureRows items = FeatureRows.of(itemCount);
        for (InputTensor input : inputs) {
            ModelTensor tensor = known.get(input.name());
            if (tensor.ofRequest()) {
                context.column(input.name(), input.rowCount(), input.column(tensor));
            }
            if (tensor.ofItem()) {
                items.column(input.name(), input.rowCount(), input.column(tensor));
            }
        }
        return new Asked(context, items, List.of(), RankQuestion.ALL.forTasks(outputs.toArray(String[]::new)));
    }

    /// The most rows of a tensor of that side, or `otherwise` where there is none.
    private int rowCount(Map<String, ModelTensor> known, boolean ofItem, int otherwise) {
        return inputs.stream()
                .filter(input -> ofItem
                        ? known.get(input.name()).ofItem()
                        : known.get(input.name()).ofRequest())
                .mapToInt(InputTensor::rowCount)
                .max()
                .orElse(otherwise);
    }

    private int requestRowCount(Map<String, ModelTensor> known, int itemCount) {
        boolean itemsAreKnown = known.values().stream().anyMatch(ModelTensor::ofItem);
        return rowCount(known, false, itemsAreKnown ? 1 : itemCount);
    }
}
