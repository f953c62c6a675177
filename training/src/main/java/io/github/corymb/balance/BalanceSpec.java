package io.github.corymb.balance;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/// The `balance` of an experiment file: how the losses of the tasks become one.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = StaticBalance.Spec.class, name = "static"),
})
@JsonNaming(SnakeCaseStrategy.class)
public sealed interface BalanceSpec permits StaticBalance.Spec {

    /// @param taskWeights the `weight` of each task, in the order of the tasks
    default LossBalancer build(List<Double> taskWeights) {
        return switch (this) {
            case StaticBalance.Spec _ -> new StaticBalance(taskWeights);
        };
    }
}
