package io.github.corymb.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PairedTimesTest {

    @Test
    void theRatioIsTheMedianOverPairsAndNotThatOfMedians() {
        PairedTimes times = new PairedTimes(new double[] {1, 10, 100}, new double[] {3, 20, 100});
        assertEquals(20.0 / 10, times.ratio()); // of 3, 2 and 1
        PairedTimes crossed = new PairedTimes(new double[] {1, 2, 3}, new double[] {6, 1, 3});
        assertEquals(3.0 / 3, crossed.ratio()); // of 6, 1/2 and 1
    }

    @Test
    void percentilesAreTimesThatOccurred() {
        double[] nanos = IntStream.rangeClosed(1, 200).mapToDouble(i -> i * 1e6).toArray();
        assertEquals("p50 100.50 ms, p99 198.00 ms", PairedTimes.words(nanos)); // ⌈0.99 · 200⌉ = 198
    }

    @Test
    void theWorksTakeTurnsAndWhoIsFirstChanges() throws Exception {
        List<String> turns = new ArrayList<>();
        PairedTimes times = PairedTimes.measure(round -> turns.add("a" + round), round -> turns.add("b" + round), 1, 0);
        assertEquals(1, times.count());
        assertEquals(List.of("a0", "b0", "a0", "b0"), turns); // the pair that warms up, and one that counts
        turns.clear();
        PairedTimes.measure(round -> turns.add("a" + round), round -> turns.add("b" + round), 0, 0.01);
        assertEquals(List.of("a0", "b0", "b1", "a1", "a2", "b2"), turns.subList(0, 6));
    }
}
