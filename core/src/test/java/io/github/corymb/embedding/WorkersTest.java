package io.github.corymb.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void everyUnitOfEveryJobRunsOnce(int workerCount) {
        try (Workers workers = new Workers(workerCount)) {
            for (int unitCount : new int[] {0, 1, 2, 100}) {
                for (int job = 0; job < 50; job++) {
                    AtomicIntegerArray runs = new AtomicIntegerArray(unitCount + 1);
                    AtomicIntegerArray busy = new AtomicIntegerArray(workerCount);
                    workers.run(unitCount, (unit, worker) -> {
                        runs.addAndGet(unitCount, busy.incrementAndGet(worker) - 1); // two units of one worker at once
                        runs.incrementAndGet(unit);
                        busy.decrementAndGet(worker);
                    });
                    for (int unit = 0; unit < unitCount; unit++) {
                        assertEquals(1, runs.get(unit));
                    }
                    assertEquals(0, runs.get(unitCount));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aFaultReachesTheCallerAndTheNextJobRuns(int workerCount) {
        try (Workers workers = new Workers(workerCount)) {
            AtomicIntegerArray runs = new AtomicIntegerArray(10);
            assertEquals(
                    "unit 7",
                    assertThrows(
                                    IllegalStateException.class,
                                    () -> workers.run(10, (unit, _) -> {
                                        if (unit == 7) {
                                            throw new IllegalStateException("unit 7");
                                        }
                                    }))
                            .getMessage());
            workers.run(10, (unit, _) -> runs.incrementAndGet(unit));
            for (int unit = 0; unit < 10; unit++) {
                assertEquals(1, runs.get(unit));
            }
        }
    }

    @Test
    void noWorkersAreRefused() {
        assertEquals(
                "threads: expected at least 1, found 0",
                assertThrows(IllegalArgumentException.class, () -> new Workers(0).close())
                        .getMessage());
    }
}
