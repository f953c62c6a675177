package io.github.corymb.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LoadGeneratorTest {

    /// Does what it is told, and counts how often it is closed.
    private record Told(Work work, AtomicInteger closed) implements LoadGenerator.Caller {

        private interface Work {
            boolean call(long request) throws InterruptedException;
        }

        @Override
        public boolean call(long request) throws IOException {
            try {
                return work.call(request);
            } catch (InterruptedException interrupted) {
                throw new IOException(interrupted);
            }
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    /// A server that stands still for 300 ms makes all requests wait that were meant for this time, not just one.
    @Test
    void aRequestCountsFromTheMomentThatItWasMeantFor() throws IOException {
        AtomicInteger closed = new AtomicInteger();
        LoadGenerator load = new LoadGenerator(
                () -> new Told(
                        request -> {
                            Thread.sleep(request == 0 ? 300 : 0);
                            return true;
                        },
                        closed),
                1);
        LoadGenerator.Result result = load.even(100, 0.5);
        assertEquals(50, result.micros().getTotalCount()); // 100 a second, 0.5 s
        long late = result.micros().getCountBetweenValues(200_000, 60_000_000);
        assertTrue(late >= 10, "those meant for the first 100 ms waited 200: " + late);
        assertTrue(result.millis(100) >= 300);
        assertEquals(1, closed.get());
    }

    @Test
    void everyRequestIsAskedOnceOnConnectionsThatAreMade() throws IOException {
        List<Long> asked = new CopyOnWriteArrayList<>();
        AtomicInteger closed = new AtomicInteger();
        LoadGenerator.Result result = new LoadGenerator(
                        () -> new Told(request -> asked.add(request) && request % 10 != 0, closed), 3)
                .even(200, 0.25);
        assertEquals(List.of(0L, 1L, 2L), asked.subList(0, 3)); // each made its connection, and does not count
        assertEquals(
                LongStream.range(0, 50).boxed().toList(),
                asked.stream().skip(3).sorted().toList());
        assertEquals(50, result.micros().getTotalCount());
        assertEquals(5, result.failed()); // 0, 10, 20, 30, 40
        assertEquals(3, closed.get());
    }

    @Test
    void aClosedLoopAsksAgainAfterEachAnswer() throws IOException {
        AtomicInteger closed = new AtomicInteger();
        LoadGenerator load = new LoadGenerator(
                () -> new Told(
                        _ -> {
                            Thread.sleep(20);
                            return true;
                        },
                        closed),
                2);
        LoadGenerator.Result result = load.closed(0.4);
        assertTrue(result.rate() > 0 && result.rate() <= 2 / 0.020, "at most two at once: " + result.rate());
        assertTrue(result.millis(50) >= 19);
    }
}
