package io.github.corymb.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class NativeMemoryTest {

    @Test
    void isKnownWhereTheSystemTells() {
        boolean told = Files.isReadable(Path.of("/proc/self/status"));
        assertEquals(told, NativeMemory.residentBytes().isPresent());
        // A JVM takes more than 16 MiB, and now is at most the peak.
        assertTrue(NativeMemory.residentBytes().orElse(1 << 24) >= 1 << 24);
        assertTrue(NativeMemory.residentBytes().orElse(0)
                <= NativeMemory.residentBytesPeak().orElse(0));
    }
}
