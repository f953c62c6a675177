package io.github.corymb.serving.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.github.corymb.bundle.AtomicFiles;
import io.github.corymb.bundle.BundleReader.Verification;
import io.github.corymb.feature.InputException;
import io.github.corymb.serving.FeatureRows;
import io.github.corymb.serving.RankQuestion;
import io.github.corymb.serving.RankerOptions;
import io.github.corymb.serving.Ranking;
import io.github.corymb.serving.SampleBundle;
import io.github.corymb.serving.server.ServerOptions.Admission;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One thread that computes, which is held up until all that a test asks waits behind it.
class ComputePoolTest {

    private static final int RUN_LIMIT = 4;

    @TempDir
    private Path folder;

    private Models models;
    private ServerMetrics metrics;
    private ComputePool pool;
    private final Set<String> noted = new ConcurrentSkipListSet<>();
    private final CountDownLatch held = new CountDownLatch(1);
    private final List<CompletableFuture<Ranking>> answers = new ArrayList<>();

    @BeforeEach
    void open() {
        Path one = SampleBundle.write(folder, "one", 7);
        SampleBundle.copy(one, folder.resolve("models/shop/1"));
        SampleBundle.copy(SampleBundle.write(folder, "two", 8), folder.resolve("models/shop/2"));
        models = new Models(folder.resolve("models"), new RankerOptions(Verification.EVERY_FILE, 1, 1_000, 1));
        models.refresh();
        metrics = new ServerMetrics(InstantSource.system(), new Traffic(Instant.EPOCH));
        ServerOptions options = new ServerOptions(
                "127.0.0.1",
                0,
                1,
                64,
                RUN_LIMIT,
                50_000,
                Duration.ofMinutes(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                Admission.STANDARD);
        pool = new ComputePool(options, new Scoring(models, metrics, answered -> noted.add(answered.request())));
        ask("first", null, version -> {
            await(held);
            return asked(1);
        });
    }

    @AfterEach
    void close() {
        pool.close();
        metrics.close();
        models.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static Asked asked(int itemCount) {
        FeatureRows items = FeatureRows.of(itemCount)
                .longs("item_id", LongStream.range(0, itemCount).toArray());
        return new Asked(FeatureRows.one().longs("user_id", 5), items, List.of(), RankQuestion.ALL);
    }

    private void ask(String id, String version, Function<Models.Version, Asked> read) {
        ask(id, version, System.nanoTime(), read);
    }

    private void ask(String id, String version, long start, Function<Models.Version, Asked> read) {
        ServiceRequestContext context = ServiceRequestContext.of(HttpRequest.of(HttpMethod.POST, "/"));
        answers.add(pool.submit(
                context,
                start,
                () -> new Call<>(
                        id, "shop", version, null, meant -> new Question<>(read.apply(meant), ranking -> ranking))));
    }

    /// How many requests there were, and by how many runs they were answered.
    private void assertRuns(int requestCount, int runCount) {
        String text = metrics.text();
        assertEquals(runCount, metric(text, "corymb_run_requests_count"), text);
        assertEquals(requestCount, metric(text, "corymb_run_requests_sum"), text);
    }

    private static double metric(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .sum();
    }

    private void assertAnswered(int at, String version, int itemCount) {
        Models.Version meant = models.require("shop", version, null);
        Ranking expected =
                meant.ranker().rank(asked(itemCount).context(), asked(itemCount).items());
        Ranking found = answers.get(at).join();
        assertEquals(expected.bundle(), found.bundle());
        assertArrayEquals(expected.task("click"), found.task("click"), 1e-6f);
    }

    @Test
    void fewItemsThatWaitAreAnsweredByOneRun() {
        for (int request = 1; request <= 9; request++) {
            int itemCount = request;
            ask("r" + request, null, _ -> asked(itemCount));
        }
        held.countDown();
        assertAnswered(0, null, 1);
        for (int request = 1; request <= 9; request++) {
            assertAnswered(request, null, request);
        }
        assertRuns(10, 3); // 4, 4 and 2
        assertEquals(10, noted.size());
    }

    @Test
    void anotherVersionManyItemsAndExplanationsHaveRunsOfTheirOwn() {
        ask("like the first", "2", _ -> asked(2));
        ask("another version", "1", _ -> asked(3));
        ask("like that", "1", _ -> asked(4));
        ask("many", "1", _ -> asked(400));
        ask("a few", "1", _ -> asked(5));
        ask("explained", "1", _ -> {
            Asked plain = asked(6);
            return new Asked(plain.context(), plain.items(), plain.ids(), RankQuestion.ALL.explaining(1));
        });
        held.countDown();
        assertAnswered(1, "2", 2);
        assertAnswered(2, "1", 3);
        assertAnswered(3, "1", 4);
        assertAnswered(4, "1", 400);
        assertAnswered(5, "1", 5);
        assertAnswered(6, "1", 6);
        assertEquals(1, answers.get(6).join().explanations().size());
        assertRuns(7, 5);
    }

    @Test
    void whatCannotBeAnsweredFailsAlone() {
        ask("good", null, _ -> asked(2));
        ask("unreadable", null, _ -> {
            throw new InputException("body: expected JSON");
        });
        ask("no model", "9", _ -> asked(2));
        ask("late", null, System.nanoTime() - Duration.ofMinutes(2).toNanos(), _ -> asked(2));
        ask("wrong", null, _ -> {
            FeatureRows items = FeatureRows.of(1).longs("user_id", 5);
            return new Asked(FeatureRows.one(), items, List.of(), RankQuestion.ALL);
        });
        ask("good, too", null, _ -> asked(3));
        held.countDown();
        assertAnswered(1, null, 2);
        assertAnswered(6, null, 3);
        assertEquals(Refusal.MISTAKE, refusal(2));
        assertEquals(Refusal.UNKNOWN_MODEL, refusal(3));
        assertEquals(Refusal.LATE, refusal(4));
        assertEquals(Refusal.MISTAKE, refusal(5));
        assertRuns(4, 1); // the wrong one was found out when the run was filled
        assertEquals(Set.of("first", "good", "good, too"), noted);
    }

    private Refusal refusal(int at) {
        Throwable fault = answers.get(at).handle((_, thrown) -> thrown).join();
        return RefusedException.of("test", assertInstanceOf(RuntimeException.class, fault))
                .refusal();
    }

    @Test
    void whereTheVersionIsTakenAwayTheOneThatIsMeantThenAnswersAll() {
        ask("good", null, _ -> asked(2));
        ask("takes it away", null, version -> {
            takeAway(version);
            return asked(3);
        });
        held.countDown();
        for (int at = 0; at < 3; at++) {
            assertAnswered(at, "1", at + 1);
        }
        assertEquals(Set.of("first", "good", "takes it away"), noted);
    }

    @Test
    void aVersionThatIsTakenAwayWhileItIsReadIsNoFault() {
        ask("reads its schema", null, version -> {
            takeAway(version);
            assertFalse(version.ranker().schema().columns().isEmpty());
            return asked(3);
        });
        held.countDown();
        assertAnswered(1, "1", 3);
    }

    /// Deletes the newer version, if that is it.
    private void takeAway(Models.Version version) {
        if (version.version().equals("2")) {
            try {
                AtomicFiles.deleteTree(folder.resolve("models/shop/2"));
            } catch (IOException problem) {
                throw new UncheckedIOException(problem);
            }
            models.refresh();
        }
    }
}
