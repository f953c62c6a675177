package io.github.corymb.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.corymb.feature.InputException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {

    @TempDir
    private Path folder;

    @Test
    void aSecondTrainingIsRefusedWhileTheFirstLasts() {
        try (RunLock _ = RunLock.take(folder)) {
            InputException refusal = assertThrows(InputException.class, () -> RunLock.take(folder));
            assertEquals(
                    "%s: expected a run that nobody trains, found process %d at work in it; wait for its end, or "
                                    .formatted(folder, ProcessHandle.current().pid())
                            + "name another folder by --out",
                    refusal.getMessage());
        }
        RunLock.take(folder).close();
    }
}
