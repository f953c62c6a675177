package io.github.corymb.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.corymb.network.ExpertComputation;
import io.github.corymb.tensor.ParameterStore;
import java.util.List;

/// The `model` of an experiment file: which architecture, in which size.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = SingleTask.Spec.class, name = "single_task"),
    @JsonSubTypes.Type(value = SharedBottom.Spec.class, name = "shared_bottom"),
    @JsonSubTypes.Type(value = Omoe.Spec.class, name = "omoe"),
    @JsonSubTypes.Type(value = Mmoe.Spec.class, name = "mmoe"),
    @JsonSubTypes.Type(value = Cgc.Spec.class, name = "cgc"),
    @JsonSubTypes.Type(value = Ple.Spec.class, name = "ple"),
})
@JsonNaming(SnakeCaseStrategy.class)
public sealed interface ModelSpec permits SingleTask.Spec, SharedBottom.Spec, Omoe.Spec, Mmoe.Spec, Cgc.Spec, Ple.Spec {

    /// Whether each task has embedding tables of its own, and the model one input a task, rather than one for all.
    default boolean ownTables() {
        return switch (this) {
            case SingleTask.Spec _ -> true;
            case SharedBottom.Spec _, Omoe.Spec _, Mmoe.Spec _, Cgc.Spec _, Ple.Spec _ -> false;
        };
    }

    /// The same model, whose experts are computed one after the other: the same values from the same parameters.
    default ModelSpec looped() {
        return switch (this) {
            case SingleTask.Spec spec -> spec;
            case SharedBottom.Spec spec -> spec;
            case Omoe.Spec spec -> spec.with(ExpertComputation.LOOPED);
            case Mmoe.Spec spec -> spec.with(ExpertComputation.LOOPED);
            case Cgc.Spec spec -> spec.with(ExpertComputation.LOOPED);
            case Ple.Spec spec -> spec.with(ExpertComputation.LOOPED);
        };
    }

    /// Creates the model's parameters and the model.
    ///
    /// @param inputWidth D, of each input
    /// @param tasks K, in the order of the outputs
    /// @throws IllegalArgumentException begins with the key that does not fit these tasks
    default MultiTaskModel build(ParameterStore store, int inputWidth, List<TaskHead> tasks) {
        return switch (this) {
            case SingleTask.Spec spec -> new SingleTask(store, inputWidth, tasks, spec);
            case SharedBottom.Spec spec -> new SharedBottom(store, inputWidth, tasks, spec);
            case Omoe.Spec spec -> new Omoe(store, inputWidth, tasks, spec);
            case Mmoe.Spec spec -> new Mmoe(store, inputWidth, tasks, spec);
            case Cgc.Spec spec -> new Cgc(store, inputWidth, tasks, spec);
            case Ple.Spec spec -> new Ple(store, inputWidth, tasks, spec);
        };
    }
}
