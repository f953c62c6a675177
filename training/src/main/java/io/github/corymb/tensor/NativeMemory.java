package io.github.corymb.tensor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/// What the operating system says of this process' memory, heap and native together. Known where there is a
/// `/proc/self/status`, as on Linux; elsewhere empty.
public final class NativeMemory {

    private static final Path STATUS = Path.of("/proc/self/status");

    private NativeMemory() {}

    /// Bytes in physical memory now.
    public static OptionalLong residentBytes() {
        return read("VmRSS:");
    }

    /// The most bytes that ever were in physical memory at once.
    public static OptionalLong residentBytesPeak() {
        return read("VmHWM:");
    }

    private static OptionalLong read(String key) {
        if (!Files.isReadable(STATUS)) {
            return OptionalLong.empty();
        }
        try (var lines = Files.lines(STATUS, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.startsWith(key))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D+", ""))) // "VmRSS:   1234 kB"
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
