package io.github.corymb.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where the figures were measured.
///
/// @param processor its name, as far as the system tells
/// @param processorCount how many of them this process may use
/// @param memory of the machine, in bytes; 0 where unknown
/// @param java the version of the JVM
record Machine(String processor, int processorCount, long memory, String java) {

    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final Path LOAD = Path.of("/proc/loadavg");

    static Machine here() {
        return new Machine(
                value(PROCESSORS, "model name"),
                Runtime.getRuntime().availableProcessors(),
                kibibytes(MEMORY, "MemTotal"),
                Runtime.version().toString());
    }

    /// Processes that wanted to run over the last minute, on average; NaN where the system does not tell. Above the
    /// number of threads a suite uses, others were at work too.
    static double load() {
        try {
            return Double.parseDouble(Files.readString(LOAD).split(" ", 2)[0]);
        } catch (IOException unknown) {
            return Double.NaN;
        }
    }

    /// Memory that processes can still take, in bytes; 0 where the system does not tell.
    static long availableMemory() {
        return kibibytes(MEMORY, "MemAvailable");
    }

    private static long kibibytes(Path file, String name) {
        String digits = value(file, name).replaceAll("[^0-9]", "");
        return digits.isEmpty() ? 0 : Long.parseLong(digits) << 10;
    }

    private static String value(Path file, String name) {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException unknown) {
            return "unknown";
        }
    }
}
