package io.github.corymb.bundle;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.Field;
import io.github.corymb.feature.FittedTask;
import io.github.corymb.feature.Side;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What the graph of a bundle takes and gives: an input a feature, an output a task, each under its name.
///
/// Inputs of the sides user and context are [U, width], those of the item [N, width], all of 32-bit floats; U is 1
/// or N.
/// An embedded feature's input is the pooled rows of its table, any other's the numbers as they are encoded. Outputs
/// are [N, width], or [U, width] where no feature describes an item: probabilities or values, as `predict` writes them.
///
/// @param inputs of one set of tables after the other, then those of no table
/// @param outputs in the order of the tasks
@JsonNaming(SnakeCaseStrategy.class)
public record GraphSignature(List<Input> inputs, List<Output> outputs) {

    /// @param name the feature's, or `task.feature` where each task has tables of its own
    /// @param feature the feature's name
    /// @param task whose input alone it is; null for all
    /// @param table the table that its rows are looked up in; null where it is not embedded
    /// @param width of a row
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Input(String name, String feature, Side side, String task, String table, int width) {}

    /// @param name the task's
    /// @param width 1, or the number of classes
    public record Output(String name, int width) {}

    /// @throws IllegalArgumentException where two of them have one name
    public GraphSignature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        Set<String> names = new HashSet<>();
        inputs.forEach(input -> names.add(input.name()));
        if (names.size() < inputs.size()) {
            throw new IllegalArgumentException("inputs: expected different names, found one twice");
        }
        for (Output output : outputs) {
            if (!names.add(output.name())) {
                throw new IllegalArgumentException(
                        "task '%s': expected a name that no feature and no other task has".formatted(output.name()));
            }
        }
    }

    /// @param sets the fields of each set of tables: one that all tasks share, or one a task
    public static GraphSignature of(FeatureSchema schema, List<FittedTask> tasks, List<List<Field>> sets) {
        List<Input> inputs = new ArrayList<>();
        for (int set = 0; set < sets.size(); set++) {
            String task = sets.size() == 1 ? null : tasks.get(set).name();
            for (Field field : sets.get(set)) {
                String name = task == null ? field.name() : task + "." + field.name();
                inputs.add(new Input(name, field.name(), field.side(), task, field.table(), field.dimension()));
            }
        }
        schema.features().forEach((name, feature) -> {
            int width = schema.numericWidth(name);
            if (width > 0) {
                inputs.add(new Input(name, name, feature.side(), null, null, width));
            }
        });
        return new GraphSignature(
                inputs,
                tasks.stream()
                        .map(task -> new Output(task.name(), task.width()))
                        .toList());
    }

    /// The inputs of the request's own side, which has one row for all items, or of the items'.
    public List<Input> inputs(boolean ofItem) {
        return inputs.stream()
                .filter(input -> (input.side() == Side.ITEM) == ofItem)
                .toList();
    }
}
