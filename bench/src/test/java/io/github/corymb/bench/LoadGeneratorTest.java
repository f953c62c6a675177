package io.github.corymb.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LoadGeneratorTest {

    private interface Work {
        boolean answer(long request) throws InterruptedException;
    }

    /// A connection to a thread that does what it is told, and that counts how often it is closed.
    private static class Told implements LoadGenerator.Caller {

        private final Work work;
        private final AtomicInteger closed;
        private final Pipe pipe = Pipe.open();
        private final ByteBuffer answer = ByteBuffer.allocate(1);

        Told(Work work, AtomicInteger closed) throws IOException {
            this.work = work;
            this.closed = closed;
            pipe.source().configureBlocking(false);
        }

        @Override
        public SelectableChannel channel() {
            return pipe.source();
        }

        @Override
        public void send(long request) throws IOException {
            Thread.ofVirtual().start(() -> {
                try {
                    byte right = (byte) (work.answer(request) ? 1 : 0);
                    pipe.sink().write(ByteBuffer.wrap(new byte[] {right}));
                } catch (InterruptedException | IOException fault) {
                    throw new IllegalStateException(fault);
                }
            });
        }

        @Override
        public boolean receive() throws IOException {
            return pipe.source().read(answer.clear()) == 1;
        }

        @Override
        public boolean isRight() {
            return answer.get(0) == 1;
        }

        @Override
        public void close() throws IOException {
            closed.incrementAndGet();
            pipe.sink().close();
            pipe.source().close();
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

    @Test
    void aRequestThatCannotBeSentEndsTheRun() {
        AtomicInteger closed = new AtomicInteger();
        LoadGenerator load = new LoadGenerator(
                () -> new Told(_ -> true, closed) {
                    @Override
                    public void send(long request) throws IOException {
                        if (request == 7) {
                            throw new IOException("gone");
                        }
                        super.send(request);
                    }
                },
                2);
        assertEquals(
                "gone",
                assertThrows(IOException.class, () -> load.even(100, 60)).getMessage());
        assertEquals(2, closed.get());
    }
}
