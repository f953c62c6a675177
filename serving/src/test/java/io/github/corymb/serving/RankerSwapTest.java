package io.github.corymb.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.bundle.BundleReader.Verification;
import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RankerSwapTest {

    private static final RankerOptions QUICK = new RankerOptions(Verification.EVERY_FILE, 1, 100, 1);
    private static final int USER_COUNT = 31;
    private static final int REQUEST_COUNT = 2_000; // a thread
    private static final int THREAD_COUNT = 4;
    private static final int SWAP_LIMIT = 200;
    private static final int ROUND_COUNT = 5;

    @TempDir
    private static Path folder;

    private static Path one;
    private static Path two;

    @BeforeAll
    static void write() {
        one = SampleBundle.write(folder, "one", 7);
        two = SampleBundle.write(folder, "two", 8);
    }

    private static List<double[]> scores(Path bundle) {
        List<double[]> scores = new ArrayList<>();
        try (Ranker ranker = Ranker.open(bundle, QUICK)) {
            for (int user = 0; user < USER_COUNT; user++) {
                scores.add(ranker.rank(RankerTest.user(user), RankerTest.items(1 + user))
                        .scores());
            }
        }
        return scores;
    }

    @Test
    void noRequestIsLostOrMixedWhileBundlesAreSwapped() throws InterruptedException, ExecutionException {
        Map<BundleIdentity, List<double[]>> expected = new HashMap<>();
        Set<BundleIdentity> met = ConcurrentHashMap.newKeySet();
        try (Ranker ranker = Ranker.open(one, QUICK);
                ExecutorService threads = Executors.newFixedThreadPool(THREAD_COUNT)) {
            expected.put(ranker.bundle(), scores(one));
            expected.put(ranker.swap(two), scores(two));
            assertEquals(2, expected.size());
            List<Future<?>> askers = new ArrayList<>();
            for (int thread = 0; thread < THREAD_COUNT; thread++) {
                int first = thread;
                askers.add(threads.submit(() -> {
                    for (int request = 0; request < REQUEST_COUNT; request++) {
                        int user = (first + request) % USER_COUNT;
                        Ranking ranking = ranker.rank(RankerTest.user(user), RankerTest.items(1 + user));
                        assertArrayEquals(expected.get(ranking.bundle()).get(user), ranking.scores());
                        met.add(ranking.bundle());
                    }
                }));
            }
            int swapCount = 1;
            while (swapCount < SWAP_LIMIT && !askers.stream().allMatch(Future::isDone)) {
                ranker.swap(swapCount++ % 2 == 0 ? two : one);
            }
            for (Future<?> asker : askers) {
                asker.get();
            }
            RankerCounts counts = ranker.counts();
            assertEquals((long) THREAD_COUNT * REQUEST_COUNT, counts.requestCount());
            assertEquals(swapCount, counts.swapCount());
            assertEquals(expected.keySet(), met);
        }
    }

    @Test
    void aBundleThatIsRefusedLeavesTheOldOneServing() throws IOException {
        Path broken = SampleBundle.copy(two, folder.resolve("broken"));
        Path graph = broken.resolve("graph.onnx");
        byte[] bytes = Files.readAllBytes(graph);
        bytes[bytes.length / 2] ^= 1;
        Files.write(graph, bytes);
        try (Ranker ranker = Ranker.open(one, QUICK)) {
            BundleIdentity before = ranker.bundle();
            InputException refused = assertThrows(InputException.class, () -> ranker.swap(broken));
            assertTrue(refused.getMessage().contains("graph.onnx: altered"), refused.getMessage());
            assertEquals(
                    before, ranker.rank(RankerTest.user(1), RankerTest.items(3)).bundle());
            assertEquals(0, ranker.counts().swapCount());
            assertNotEquals(before, ranker.swap(two));
        }
    }

    @Test
    void anAlteredTableIsRefusedUnlessTablesAreTrusted() throws IOException {
        Path broken = SampleBundle.copy(one, folder.resolve("altered"));
        Path table = broken.resolve("tables/item_id.rows");
        byte[] bytes = Files.readAllBytes(table);
        bytes[bytes.length / 2] ^= 1; // of a row
        Files.write(table, bytes);
        for (RankerOptions verifying : List.of(QUICK, RankerOptions.STANDARD)) {
            InputException refused = assertThrows(InputException.class, () -> Ranker.open(broken, verifying));
            assertTrue(refused.getMessage().contains("tables/item_id.rows: altered"), refused.getMessage());
        }
        Ranker.open(broken, QUICK.trustingTables()).close();
        Files.write(table, Arrays.copyOf(bytes, bytes.length - 1));
        InputException cut = assertThrows(InputException.class, () -> Ranker.open(broken, QUICK.trustingTables()));
        assertTrue(cut.getMessage().contains("tables/item_id.rows: expected "), cut.getMessage());
    }

    /// What is taken outside the heap must not wait for the collector, which a server with little to do may not need
    /// for hours.
    @Test
    void nothingOutsideTheHeapStaysOfABundleThatIsClosed() {
        serveOnce(); // what threads keep for reading files
        long before = directSize();
        for (int round = 0; round < ROUND_COUNT; round++) {
            serveOnce();
        }
        long left = directSize() - before;
        assertTrue(left <= 0, left + " bytes");
    }

    private static void serveOnce() {
        try (Ranker ranker = Ranker.open(one, QUICK)) {
            RankQuestion explained = RankQuestion.ALL.explaining(1);
            ranker.rank(RankerTest.user(1), RankerTest.items(100), explained);
            ranker.swap(two);
            ranker.rank(RankerTest.user(1), RankerTest.items(100), explained);
        }
    }

    private static long directSize() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    /// The JVM must live, the request must fail in words, and another bundle must heal the ranker.
    @Test
    void aTableCutShortUnderTheMapFailsTheRequestClearly() throws IOException {
        Path whole = SampleBundle.writeLarge(folder, "large");
        Path cut = SampleBundle.copy(whole, folder.resolve("cut"));
        try (Ranker ranker = Ranker.open(cut, QUICK)) {
            double[] before =
                    ranker.rank(RankerTest.user(1), RankerTest.items(3)).scores();
            cutItemTable(cut);
            BundleFaultException fault = assertThrows(
                    BundleFaultException.class, () -> ranker.rank(RankerTest.user(1), RankerTest.items(3)));
            String message = fault.getMessage();
            assertTrue(message.contains("tables/item_id.rows: cut short while it was mapped: expected "), message);
            ranker.swap(whole);
            assertArrayEquals(
                    before, ranker.rank(RankerTest.user(1), RankerTest.items(3)).scores());
        }
    }

    private static void cutItemTable(Path bundle) throws IOException {
        try (FileChannel table = FileChannel.open(bundle.resolve("tables/item_id.rows"), StandardOpenOption.WRITE)) {
            table.truncate(0);
        }
    }

    @Test
    void aSmallTableIsCopiedAndMayBeCutShort() throws IOException {
        Path cut = SampleBundle.copy(one, folder.resolve("small"));
        try (Ranker ranker = Ranker.open(cut, QUICK)) {
            double[] before =
                    ranker.rank(RankerTest.user(1), RankerTest.items(3)).scores();
            cutItemTable(cut);
            assertArrayEquals(
                    before, ranker.rank(RankerTest.user(1), RankerTest.items(3)).scores());
        }
    }
}
