package io.github.corymb.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/// How many experts each task has to itself: one number for every task, or a number a task.
/// `task_experts: 2` or `task_experts: {like: 2, rating: 1}`.
public final class TaskExperts {

    private final OptionalInt every;
    private final Map<String, Integer> byTask; // empty where one number holds for every task

    private TaskExperts(OptionalInt every, Map<String, Integer> byTask) {
        this.every = every;
        this.byTask = byTask;
    }

    /// The same number for every task.
    @JsonCreator
    public static TaskExperts of(int count) {
        return new TaskExperts(OptionalInt.of(Expect.atLeastOne("task_experts", count, 1)), Map.of());
    }

    /// A number for each task by its name.
    @JsonCreator
    public static TaskExperts of(Map<String, Integer> counts) {
        Map<String, Integer> byTask = new LinkedHashMap<>();
        counts.forEach((task, count) ->
                byTask.put(task, Expect.atLeastOne("task_experts." + task, count == null ? 0 : count, 1)));
        if (byTask.isEmpty()) {
            throw new IllegalArgumentException("task_experts: expected a number a task, found none");
        }
        return new TaskExperts(OptionalInt.empty(), byTask);
    }

    /// The number of each of these tasks, in their order.
    ///
    /// @throws IllegalArgumentException where a task has no number, or a number no task
    List<Integer> counts(List<TaskHead> tasks) {
        if (every.isPresent()) {
            return tasks.stream().map(_ -> every.getAsInt()).toList();
        }
        List<String> names = tasks.stream().map(TaskHead::name).toList();
        for (String name : names) {
            if (!byTask.containsKey(name)) {
                throw new IllegalArgumentException("task_experts: expected a number for task '" + name + "', found "
                        + byTask.keySet().stream().collect(Collectors.joining(", ")));
            }
        }
        for (String name : byTask.keySet()) {
            if (!names.contains(name)) {
                throw new IllegalArgumentException("task_experts." + name + ": expected one of "
                        + String.join(", ", names) + ", found '" + name + "'");
            }
        }
        return names.stream().map(byTask::get).toList();
    }

    /// As it stands in an experiment file: an int, or a map.
    @JsonValue
    Object value() {
        return every.isPresent() ? every.getAsInt() : byTask;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TaskExperts that && value().equals(that.value());
    }

    @Override
    public int hashCode() {
        return value().hashCode();
    }

    @Override
    public String toString() {
        return value().toString();
    }
}
