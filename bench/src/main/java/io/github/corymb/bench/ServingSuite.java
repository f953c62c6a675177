package io.github.corymb.bench;

import io.github.corymb.bundle.AtomicFiles;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Rankings over HTTP, the server in a process of its own and the load from this one, first on the same cores, then on
/// cores of their own: how many a second at most, and how long they take at 70 % of that.
final class ServingSuite implements Suite {

    static final int REQUEST_COUNT = 64; // that take turns
    private static final double SHARE = 0.7; // of the capacity
    private static final double SETTLED_SHARE = 0.005; // of the time, in which compilers still work
    private static final List<String> STAGES = List.of("parse", "encode", "graph", "fuse");

    private final Path project;
    private final List<RankCase> models;
    private final Size size;

    /// How much is measured.
    ///
    /// @param itemCounts of the requests
    /// @param connectionCount requests that can be under way at once
    /// @param warmUpRounds at most, each as long as what counts, before it does
    /// @param capacitySeconds asked as fast as it answers
    /// @param loadRounds at a share of that
    /// @param loadSeconds of each
    record Size(
            List<Integer> itemCounts,
            int connectionCount,
            int warmUpRounds,
            double capacitySeconds,
            int loadRounds,
            double loadSeconds) {

        static final Size STANDARD = new Size(List.of(200, 500), 16, 12, 5, 5, 15);
    }

    /// @param project the folder with the command
    /// @param models that are asked
    ServingSuite(Path project, List<RankCase> models, Size size) {
        this.project = project;
        this.models = List.copyOf(models);
        this.size = size;
    }

    @Override
    public String name() {
        return "serving";
    }

    @Override
    public String purpose() {
        return "rankings over HTTP at 70 % of what the server bears";
    }

    @Override
    public void run(Session session) throws Exception {
        Path folder = Files.createTempDirectory("corymb-bench-");
        try {
            for (RankCase model : models) {
                load(session, RankModel.of(model, folder.resolve(model.name())));
            }
        } finally {
            AtomicFiles.deleteTree(folder);
        }
    }

    private void load(Session session, RankModel served) throws IOException {
        for (int itemCount : size.itemCounts()) {
            List<byte[]> requests = requests(served, "bundle", itemCount, Map.of());
            String what = "%s, %d items".formatted(served.name(), itemCount);
            try (ServedProcess server = ServedProcess.start(project, served.bundle())) {
                load(session, what, server, requests);
            }
            Optional<Cores> divided = Cores.divide();
            if (divided.isPresent()) {
                try (Cores cores = divided.get();
                        ServedProcess server = ServedProcess.start(project, served.bundle(), cores.command())) {
                    load(session, "%s, served by core %s alone".formatted(what, cores.others()), server, requests);
                }
            }
        }
    }

    /// Bodies of the ranking call, whole.
    static List<byte[]> requests(RankModel model, String name, int itemCount, Map<String, Object> more)
            throws IOException {
        List<byte[]> requests = new ArrayList<>();
        for (int request = 0; request < REQUEST_COUNT; request++) {
            byte[] json = model.json(request, itemCount, more);
            requests.add(HttpConnection.post("/v1/models/" + name + ":rank", json));
        }
        return requests;
    }

    private void load(Session session, String what, ServedProcess server, List<byte[]> requests) throws IOException {
        LoadGenerator one = new LoadGenerator(() -> new RankCaller(server.port(), requests, RankCaller.Check.ANY), 1);
        LoadGenerator load = new LoadGenerator(
                () -> new RankCaller(server.port(), requests, RankCaller.Check.ANY), size.connectionCount());
        warmUp(session, what, server, one, load);
        long full = server.fullCollectionCount();
        session.note(what + ", one client", one.closed(size.capacitySeconds()).words());
        loaded(session, what, server, load);
        long fullLater = server.fullCollectionCount();
        session.note(
                what + ", full garbage collections under load",
                full < 0 ? "not told" : Long.toString(fullLater - full));
    }

    /// Rounds, each at a share of what the server bore at most just before it, since that changes with the machine's
    /// speed, and since what else the machine does makes one hold-up a round more or less, which is p99.
    private void loaded(Session session, String what, ServedProcess server, LoadGenerator load) throws IOException {
        List<Round> rounds = new ArrayList<>();
        while (rounds.size() < size.loadRounds()) {
            Round round = round(server, load);
            rounds.add(round);
            session.note(
                    String.format(
                            Locale.ROOT,
                            "%s, %.0f requests/s, round %d",
                            what,
                            SHARE * round.most().rate(),
                            rounds.size()),
                    String.format(
                            Locale.ROOT,
                            "%s, load %.1f, %.2f ms of the server's processor time a request",
                            round.loaded().words(),
                            Machine.load(),
                            1e3 * round.processorSeconds() / round.answeredCount()));
        }
        double[] most =
                rounds.stream().mapToDouble(round -> round.most().rate()).toArray();
        long failed = rounds.stream().mapToLong(round -> round.most().failed()).sum();
        session.note(
                what + ", at most",
                spread("%1$.0f (median of %2$d times, %3$.0f to %4$.0f) requests/s, ", most) + failed + " failed");
        session.note(
                String.format(Locale.ROOT, "%s, %.0f requests/s, p99 by p50", what, SHARE * Session.median(most)),
                spread(
                        "%.1f ×, median of %d rounds (%.1f to %.1f)",
                        rounds.stream()
                                .mapToDouble(round -> round.loaded().ratio())
                                .toArray()));
        long count = rounds.stream().mapToLong(Round::answeredCount).sum();
        session.note(
                what + ", mean time in the server",
                IntStream.range(0, STAGES.size() + 1)
                        .mapToObj(stage -> String.format(
                                Locale.ROOT,
                                "%s %.3f ms",
                                stage < STAGES.size() ? STAGES.get(stage) : "whole",
                                1e3
                                        * rounds.stream()
                                                .mapToDouble(round -> round.stageSeconds(stage))
                                                .sum()
                                        / count))
                        .collect(Collectors.joining(", ")));
    }

    /// @param most asked as fast as it answers
    /// @param loaded asked at a share of that
    /// @param processorSeconds of the server meanwhile
    /// @param before what the stages had taken, in seconds
    /// @param after and when it was over
    private record Round(
            LoadGenerator.Result most,
            LoadGenerator.Result loaded,
            double processorSeconds,
            List<Double> before,
            List<Double> after) {

        long answeredCount() {
            return loaded.micros().getTotalCount();
        }

        double stageSeconds(int stage) {
            return after.get(stage) - before.get(stage);
        }
    }

    private Round round(ServedProcess server, LoadGenerator load) throws IOException {
        LoadGenerator.Result most = load.closed(size.capacitySeconds());
        List<Double> before = stages(server);
        double processorSeconds = server.processorSeconds();
        LoadGenerator.Result loaded = load.even(SHARE * most.rate(), size.loadSeconds());
        return new Round(most, loaded, server.processorSeconds() - processorSeconds, before, stages(server));
    }

    /// @param pattern of the median, how many values there are, the least and the greatest
    static String spread(String pattern, double[] values) {
        double[] sorted = Arrays.stream(values).sorted().toArray();
        return String.format(
                Locale.ROOT, pattern, Session.median(sorted), sorted.length, sorted[0], sorted[sorted.length - 1]);
    }

    /// Asks as will be measured until compilers have little left to do, which takes some ten thousand requests: what is
    /// done once a request is compiled late, and on two cores a compiler makes requests wait. What has never happened
    /// before, such as a look at the metrics, takes compiled code back; hence all that will be asked is asked here.
    private void warmUp(Session session, String what, ServedProcess server, LoadGenerator one, LoadGenerator load)
            throws IOException {
        double busy = 1;
        for (int round = 0; round < size.warmUpRounds() && busy > SETTLED_SHARE; round++) {
            one.closed(size.capacitySeconds() / 5);
            double rate = SHARE * load.closed(size.capacitySeconds()).rate();
            double before = compilerSeconds(server);
            stages(server);
            LoadGenerator.Result result = load.even(rate, size.loadSeconds());
            busy = (compilerSeconds(server) - before) / size.loadSeconds();
            session.note(
                    String.format(Locale.ROOT, "%s, %.0f requests/s, warm-up %d", what, rate, round + 1),
                    String.format(
                            Locale.ROOT, "%s, compilers at work %.1f %% of the time", result.words(), 100 * busy));
        }
    }

    /// Of the server and of this process.
    private static double compilerSeconds(ServedProcess server) throws IOException {
        return server.compilerSeconds()
                + ManagementFactory.getCompilationMXBean().getTotalCompilationTime() / 1e3;
    }

    /// Seconds so far in each stage, and in whole requests.
    private static List<Double> stages(ServedProcess server) throws IOException {
        List<Double> seconds = new ArrayList<>();
        for (String stage : STAGES) {
            seconds.add(server.metric("corymb_stage_seconds_sum{stage=\"" + stage + "\"}"));
        }
        seconds.add(server.metric("corymb_request_seconds_sum{status=\"200\"}"));
        return seconds;
    }
}
