package io.github.corymb.bench;

import io.github.corymb.bundle.AtomicFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Rankings of a few items over HTTP, by a server that answers those that wait by one run of the graph, beside one that
/// runs it for each: how many a second, and how long they take at a share of what the latter bears.
final class SmallSuite implements Suite {

    private static final double SHARE = 0.7; // of the capacity
    private static final String RUNS = "corymb_run_requests";

    private final Path project;
    private final List<RankCase> models;
    private final List<Integer> itemCounts;
    private final int connectionCount;
    private final double seconds;

    /// @param project the folder with the command
    /// @param models that are asked
    /// @param itemCounts of the requests
    /// @param connectionCount requests that can be under way at once
    /// @param seconds that each is asked as fast as it answers; at a share of that, and before both, thrice as long
    SmallSuite(Path project, List<RankCase> models, List<Integer> itemCounts, int connectionCount, double seconds) {
        this.project = project;
        this.models = List.copyOf(models);
        this.itemCounts = List.copyOf(itemCounts);
        this.connectionCount = connectionCount;
        this.seconds = seconds;
    }

    @Override
    public String name() {
        return "small";
    }

    @Override
    public String purpose() {
        return "rankings of a few items over HTTP, those that wait by one run of the graph and by one each";
    }

    @Override
    public void run(Session session) throws Exception {
        for (RankCase one : models) {
            Path folder = Files.createTempDirectory("corymb-bench-");
            try {
                RankModel model = RankModel.of(one, folder);
                for (int itemCount : itemCounts) {
                    compare(session, model, itemCount);
                }
            } finally {
                AtomicFiles.deleteTree(folder);
            }
        }
    }

    private void compare(Session session, RankModel model, int itemCount) throws Exception {
        List<byte[]> requests = ServingSuite.requests(model, "bundle", itemCount, Map.of());
        String what = "%s, %d %s over HTTP".formatted(model.name(), itemCount, itemCount == 1 ? "item" : "items");
        try (ServedProcess each = ServedProcess.start(project, model.bundle(), List.of(), "--requests-per-run", "1");
                ServedProcess together = ServedProcess.start(project, model.bundle())) {
            LoadGenerator one = load(each, requests);
            LoadGenerator all = load(together, requests);
            for (LoadGenerator load : List.of(one, all)) {
                load.even(SHARE * load.closed(3 * seconds).rate(), 3 * seconds); // compilers
            }
            double runs = together.metric(RUNS + "_count");
            double answered = together.metric(RUNS + "_sum");
            double[] rates = session.compare(
                    what,
                    "requests/s",
                    List.of(
                            new Contender(
                                    "a run each", () -> one.closed(seconds).rate()),
                            new Contender(
                                    "a run for those that wait",
                                    () -> all.closed(seconds).rate())));
            session.note(
                    what + ", requests a run",
                    String.format(
                            Locale.ROOT,
                            "%.1f",
                            (together.metric(RUNS + "_sum") - answered) / (together.metric(RUNS + "_count") - runs)));
            session.noteRatio(what + ", a run for those that wait by a run each", rates[1], rates[0]);
            String rate = String.format(Locale.ROOT, "%s, %.0f requests/s, ", what, SHARE * rates[0]);
            session.note(
                    rate + "a run each", one.even(SHARE * rates[0], 3 * seconds).words());
            session.note(
                    rate + "a run for those that wait",
                    all.even(SHARE * rates[0], 3 * seconds).words());
        }
    }

    private LoadGenerator load(ServedProcess server, List<byte[]> requests) {
        return new LoadGenerator(() -> new RankCaller(server.port(), requests, RankCaller.Check.ANY), connectionCount);
    }
}
