package io.github.corymb.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class TaskExpertsTest {

    private static final List<TaskHead> TASKS = List.of(new TaskHead("like", 1), new TaskHead("genre", 3));

    @Test
    void countsEachTaskInTheOrderOfTheTasks() {
        assertEquals(List.of(2, 2), TaskExperts.of(2).counts(TASKS));
        assertEquals(
                List.of(3, 1), TaskExperts.of(Map.of("genre", 1, "like", 3)).counts(TASKS));
    }

    @Test
    void refusesATaskWithoutANumberAndANumberWithoutATask() {
        assertRefuses(
                "task_experts: expected a number for task 'genre', found like",
                () -> TaskExperts.of(Map.of("like", 3)).counts(TASKS));
        assertRefuses(
                "task_experts.love: expected one of like, genre, found 'love'",
                () -> TaskExperts.of(Map.of("like", 3, "genre", 1, "love", 1)).counts(TASKS));
        assertRefuses("task_experts: expected at least 1, found 0", () -> TaskExperts.of(0));
        assertRefuses("task_experts.like: expected at least 1, found 0", () -> TaskExperts.of(Map.of("like", 0)));
        assertRefuses("task_experts: expected a number a task, found none", () -> TaskExperts.of(Map.of()));
    }

    private static void assertRefuses(String message, Executable action) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, action).getMessage());
    }
}
