package io.github.corymb.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CoresTest {

    @Test
    void readsListsAndRanges() {
        assertEquals(List.of(), Cores.cores(""));
        assertEquals(List.of(3), Cores.cores("3"));
        assertEquals(List.of(0, 1, 2, 5, 8, 9), Cores.cores("0-2,5,8-9"));
    }

    @Test
    void aProcessIsStartedOnOtherCoresAndAllAreBackAfterwards() throws Exception {
        List<Integer> before = allowed(List.of());
        Optional<Cores> divided = Cores.divide();
        assumeTrue(divided.isPresent(), "no taskset, or one core alone: nothing can be divided");
        try (Cores cores = divided.get()) {
            assertEquals(List.of(cores.own()), allowed(List.of()));
            List<Integer> all = new ArrayList<>(allowed(cores.command()));
            assertEquals(Cores.cores(cores.others()), all);
            all.add(cores.own());
            assertEquals(before, all);
        }
        assertEquals(before, allowed(List.of()));
    }

    /// The cores of a process that is started now.
    private static List<Integer> allowed(List<String> before) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of("sed", "-n", "s/^Cpus_allowed_list:[[:space:]]*//p", "/proc/self/status"));
        Process process = new ProcessBuilder(command).start();
        String list = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor());
        return Cores.cores(list);
    }
}
