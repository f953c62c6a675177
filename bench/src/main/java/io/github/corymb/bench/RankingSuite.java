package io.github.corymb.bench;

import io.github.corymb.bundle.AtomicFiles;
import io.github.corymb.serving.FeatureRows;
import io.github.corymb.serving.Ranker;
import io.github.corymb.serving.Ranking;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToLongFunction;

/// Whole requests in process, from values to an ordered answer, beside bare runs of ONNX Runtime on the same tensors;
/// the user's part computed once beside the user's row repeated for each item; one thread beside two.
final class RankingSuite implements Suite {

    private static final int REQUEST_COUNT = 16; // that take turns
    private static final int WARM_UP_COUNT = 200;
    private static final double SAME = 1e-6; // of two scores

    private final List<RankCase> cases;
    private final List<Integer> itemCounts;
    private final double seconds;

    /// @param itemCounts of the requests; the last one's also once beside repeated, and on two threads
    /// @param seconds of each measurement
    RankingSuite(List<RankCase> cases, List<Integer> itemCounts, double seconds) {
        this.cases = List.copyOf(cases);
        this.itemCounts = List.copyOf(itemCounts);
        this.seconds = seconds;
    }

    @Override
    public String name() {
        return "ranking";
    }

    @Override
    public String purpose() {
        return "whole rankings in process, beside bare ONNX Runtime on the same tensors";
    }

    @Override
    public void run(Session session) throws Exception {
        for (RankCase one : cases) {
            Path folder = Files.createTempDirectory("corymb-bench-");
            try {
                RankModel model = RankModel.of(one, folder);
                for (int itemCount : itemCounts) {
                    besideBare(session, model, itemCount);
                }
                userOnce(session, model, itemCounts.getLast());
                threads(session, model, itemCounts.getLast());
            } finally {
                AtomicFiles.deleteTree(folder);
            }
        }
    }

    private void besideBare(Session session, RankModel model, int itemCount) throws Exception {
        List<Rows> requests = requests(model, itemCount, 1);
        List<Ranking.StageTimes> stages = new ArrayList<>();
        try (Ranker ranker = Ranker.open(model.bundle());
                BareGraph bare = new BareGraph(model.bundle(), 1)) {
            for (int request = 0; request < REQUEST_COUNT; request++) {
                bare.add(model.user(request, 1), model.items(request, itemCount), itemCount);
            }
            PairedTimes times = PairedTimes.measure(
                    round -> bare.run(round % REQUEST_COUNT),
                    round -> stages.add(
                            requests.get(round % REQUEST_COUNT).rank(ranker).times()),
                    WARM_UP_COUNT,
                    seconds);
            String what = "%s, %d items: ".formatted(model.name(), itemCount);
            session.note(what + "bare ONNX Runtime", PairedTimes.words(times.first()));
            session.note(what + "rank", PairedTimes.words(times.second()));
            session.note(
                    what + "rank by bare",
                    String.format(
                            Locale.ROOT,
                            "%.3f ×, median of %,d pairs, load %.1f",
                            times.ratio(),
                            times.count(),
                            Machine.load()));
            session.note(
                    what + "stages of rank",
                    String.format(
                            Locale.ROOT,
                            "p50: encode and look up %.3f ms, ONNX Runtime %.3f ms, fuse and order %.3f ms",
                            median(stages, Ranking.StageTimes::encodeNanos),
                            median(stages, Ranking.StageTimes::graphNanos),
                            median(stages, Ranking.StageTimes::fuseNanos)));
        }
    }

    private static double median(List<Ranking.StageTimes> stages, ToLongFunction<Ranking.StageTimes> part) {
        return Session.median(stages.stream().mapToDouble(part::applyAsLong).toArray()) / 1e6;
    }

    private void userOnce(Session session, RankModel model, int itemCount) throws Exception {
        List<Rows> once = requests(model, itemCount, 1);
        List<Rows> repeated = requests(model, itemCount, itemCount);
        try (Ranker ranker = Ranker.open(model.bundle())) {
            double difference = 0;
            for (int request = 0; request < REQUEST_COUNT; request++) {
                double[] a = once.get(request).rank(ranker).scores();
                double[] b = repeated.get(request).rank(ranker).scores();
                for (int item = 0; item < itemCount; item++) {
                    difference = Math.max(difference, Math.abs(a[item] - b[item]));
                }
            }
            if (difference > SAME) {
                throw new IllegalStateException("scores of a user given once and repeated differ by " + difference);
            }
            PairedTimes times = PairedTimes.measure(
                    round -> once.get(round % REQUEST_COUNT).rank(ranker),
                    round -> repeated.get(round % REQUEST_COUNT).rank(ranker),
                    WARM_UP_COUNT,
                    seconds);
            session.note(
                    "%s, %d items: user repeated by user once".formatted(model.name(), itemCount),
                    String.format(
                            Locale.ROOT,
                            "%.2f ×, median of %,d pairs; scores differ by at most %.0e",
                            times.ratio(),
                            times.count(),
                            difference));
        }
    }

    private void threads(Session session, RankModel model, int itemCount) throws Exception {
        List<Rows> requests = requests(model, itemCount, 1);
        try (Ranker ranker = Ranker.open(model.bundle())) {
            session.compare(
                    "%s, %d items, rank on threads of its own".formatted(model.name(), itemCount),
                    "requests/s",
                    List.of(
                            new Contender("1 thread", () -> rate(ranker, requests, 1)),
                            new Contender("2 threads", () -> rate(ranker, requests, 2))));
        }
    }

    private double rate(Ranker ranker, List<Rows> requests, int threadCount) throws Exception {
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        long answered = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(threadCount)) {
            Callable<Long> asker = () -> {
                long count = 0;
                do {
                    requests.get((int) (count % REQUEST_COUNT)).rank(ranker);
                    count++;
                } while (System.nanoTime() < end);
                return count;
            };
            for (Future<Long> each : threads.invokeAll(Collections.nCopies(threadCount, asker))) {
                answered += each.get();
            }
        }
        return answered / Session.secondsSince(start);
    }

    private static List<Rows> requests(RankModel model, int itemCount, int userCount) {
        List<Rows> requests = new ArrayList<>();
        for (int request = 0; request < REQUEST_COUNT; request++) {
            requests.add(new Rows(
                    model.userRows(request, userCount), model.itemRows(request, itemCount)));
        }
        return requests;
    }

    /// A request as a service has it.
    private record Rows(FeatureRows user, FeatureRows items) {

        Ranking rank(Ranker ranker) {
            return ranker.rank(user, items);
        }
    }
}
